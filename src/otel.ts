export { otel } from "./otel/index";
