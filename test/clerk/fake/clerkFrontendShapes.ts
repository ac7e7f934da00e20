import type { ClerkFakeAccount, ClerkFakeState, ClerkFakeUser } from "./clerkFakeState";

export interface ClerkFrontendFakeOptions {
  state: ClerkFakeState;
  sessionToken(userId: string, claims: Record<string, unknown>): Promise<string>;
  now(): number;
  consentUrl?: string;
}

/** The bodies Clerk's script insists on, with as few members as it bears. */
export async function clientJson(options: ClerkFrontendFakeOptions, request: Request) {
  const { state } = options;
  const user = state.users.get(state.session?.userId ?? "");
  const sessions = user && state.session ? [await sessionJson(options, request, user)] : [];
  return {
    object: "client",
    id: "client_fake",
    sessions,
    sign_in: null,
    sign_up: null,
    last_active_session_id: sessions[0]?.id ?? null,
    created_at: 1,
    updated_at: state.changedAt,
  };
}

export async function sessionJson(
  options: ClerkFrontendFakeOptions,
  request: Request,
  user: ClerkFakeUser,
) {
  const { state, sessionToken, now } = options;
  const origin = request.headers.get("origin");
  const jwt = await sessionToken(user.id, origin === null ? {} : { azp: origin });
  return {
    object: "session",
    id: state.session?.id ?? "",
    status: "active",
    expire_at: now() + 86_400_000,
    abandon_at: now() + 864_000_000,
    last_active_at: now(),
    user: userJson(state, user),
    public_user_data: {
      user_id: user.id,
      identifier: user.email,
      first_name: user.firstName,
      last_name: "",
      image_url: "",
      has_image: false,
    },
    last_active_token: { object: "token", jwt },
    created_at: 1,
    updated_at: now(),
  };
}

export function userJson(state: ClerkFakeState, user: ClerkFakeUser) {
  const emailId = `idn_${user.id}`;
  return {
    object: "user",
    id: user.id,
    first_name: user.firstName,
    last_name: "",
    image_url: "",
    primary_email_address_id: emailId,
    email_addresses: [
      {
        object: "email_address",
        id: emailId,
        email_address: user.email,
        verification: { status: "verified" },
        linked_to: [],
      },
    ],
    phone_numbers: [],
    web3_wallets: [],
    passkeys: [],
    enterprise_accounts: [],
    saml_accounts: [],
    organization_memberships: [],
    external_accounts: user.account ? [accountJson(state, user.account, false)] : [],
    public_metadata: {},
    unsafe_metadata: {},
    created_at: 1,
    // Clerk's script takes a user whose time is the same for one that has not changed.
    updated_at: 1 + state.count,
  };
}

export function accountJson(
  state: ClerkFakeState,
  account: ClerkFakeAccount & { consentUrl?: string },
  started: boolean,
) {
  return {
    object: "external_account",
    id: account.id,
    identification_id: `idn_${account.id}`,
    provider: `oauth_${state.provider}`,
    provider_user_id: `ares_${account.id}`,
    approved_scopes: account.approvedScopes,
    email_address: "",
    first_name: "",
    last_name: "",
    image_url: "",
    public_metadata: {},
    label: null,
    verification: {
      object: "verification",
      status: account.status,
      strategy: `oauth_${state.provider}`,
      error: account.error ?? null,
      external_verification_redirect_url: started ? (account.consentUrl ?? null) : null,
    },
  };
}

export const environment = {
  object: "environment",
  id: "env_fake",
  maintenance_mode: false,
  auth_config: { single_session_mode: true },
  display_config: { show_devmode_warning: false },
  user_settings: {},
  organization_settings: {},
};
