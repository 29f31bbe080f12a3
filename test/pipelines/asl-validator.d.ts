declare module 'asl-validator' {
  /** Writes the query language into every state of the definition that it is given. */
  export default function validate(definition: unknown): { isValid: boolean; errors: readonly unknown[] }
}
