export { eventually } from "../../dev/eventually";
