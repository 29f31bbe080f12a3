import { interruptSignal } from '../../local/interrupt.ts'

/** Says what becomes of it on stdout, and ends only by a signal; interrupt.test.ts sends them. */
interruptSignal().addEventListener('abort', () => console.log('stopping'))
setInterval(() => {}, 1000)
console.log('ready')
