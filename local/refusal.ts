/** Says in one sentence why the local platform cannot go on and what a person can do; shown without a stack. */
export class Refusal extends Error {
  override readonly name = "Refusal";
}
