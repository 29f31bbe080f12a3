import { loadedOnce } from '../loaded-once.ts'

/** Loaded by the one function that draws. */
export const drawing = loadedOnce(() => import('../../nas/spaces/densenas/diagram.ts'))
