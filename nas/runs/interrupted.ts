/** Thrown by a job that was told to stop and left all that it needs to go on. */
export class Interrupted extends Error {}
