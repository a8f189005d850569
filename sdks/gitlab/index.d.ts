export { Provider, type ProviderArgs } from "./provider";
export { UserRunner, type UserRunnerArgs, type UserRunnerState } from "./userRunner";
