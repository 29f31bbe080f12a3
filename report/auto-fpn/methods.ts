import type { FailedSearch, Found } from '../../nas/pipelines/auto-fpn/derived.ts'
import type { ModuleSearch } from './data.ts'

/** How searches are called. */
export const METHOD_NAMES = { softmax: 'this search', snas: 'SNAS' } as const satisfies Record<
  Found['method'],
  string
>

/** Of a baseline whose search of a module has failed: 'SNAS is not compared: its search of the head failed: …'. */
export const notCompared = (module: ModuleSearch['module'], { method, reason }: FailedSearch): string =>
  `${METHOD_NAMES[method]} is not compared: its search of the ${module} failed: ${reason}`
