import { createQueue } from '../../../local/batch/queue.ts'

/** Submits one job, the bundle in argv, and never ends by itself; queue.test.ts kills it. */
const [bundle, folder] = process.argv.slice(2)
const job = { name: 'orphan', environment: { FOLDER: folder! }, attempts: 1, timeoutSeconds: 60 }
await createQueue({ bundle: bundle!, slots: 1 }).submit(job, new AbortController().signal)
