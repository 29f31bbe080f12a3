/** What takes so long hangs. No limit of a test is shorter: how fast a machine is under load says nothing about the code. */
export const HANG_MS = 300_000
