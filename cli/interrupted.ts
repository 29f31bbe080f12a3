/** A run was stopped by Ctrl-C, in good order. Not an error of anybody. */
export class Interrupted extends Error {
  /** What follows `trellis resume`. */
  readonly resume: string

  constructor(resume: string) {
    super('interrupted')
    this.resume = resume
  }
}
