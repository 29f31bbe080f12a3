import fc from 'fast-check'

// The same examples in every run: a red run then means that the code changed, not that the dice did.
fc.configureGlobal({ seed: Number(process.env.TRELLIS_TEST_SEED ?? 2026) })
