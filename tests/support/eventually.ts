export { eventually, type EventuallyOptions } from "../../local/eventually";
