import { loadedOnce } from '../loaded-once.ts'

/** Networks, of which one function counts some. */
export const counting = loadedOnce(() => import('../../nas/pipelines/auto-fpn/network.ts'))
