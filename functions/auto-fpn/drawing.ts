import { loadedOnce } from '../loaded-once.ts'

/** Its layout is a tenth of all that functions load. */
export const drawing = loadedOnce(() => import('../../nas/spaces/auto-fpn/diagram.ts'))
