/** Where there is a Python with moto, and dashjoin's JSONata beside it; CONTRIBUTING.md says how to make it. Empty where there is none. */
export const MOTO = process.env.TRELLIS_MOTO ?? ''
if (!MOTO) console.warn('skipped: no moto; name its folder in TRELLIS_MOTO (CONTRIBUTING.md)')
