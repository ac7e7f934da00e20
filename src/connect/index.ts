export { type AresConnection, aresConnect } from "./aresConnect";
export type { AresOAuthOptions } from "./aresOAuth";
export type {
  AresConnectOptions,
  Connected,
  ConnectUser,
  SessionAnswer,
} from "./connectOptions";
export { type MemoryTokensOptions, memoryTokens } from "./memoryTokens";
export { type RedisTokensOptions, redisTokens } from "./redisTokens";
export type { ConnectFailure } from "./refusals";
export type { Secret } from "./sealing";
export { type SqlTokens, type SqlTokensOptions, sqlTokens } from "./sqlTokens";
export type { TokenRow } from "./tokenRow";
export type { TokenStore, TokenWrite } from "./tokenStore";
