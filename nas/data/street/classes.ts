export const CLASSES = [
  'sky',
  'building',
  'fence',
  'tree',
  'pole',
  'sign',
  'road',
  'pavement',
  'car',
  'person',
] as const

export const SKY = 0
export const BUILDING = 1
export const FENCE = 2
export const TREE = 3
export const POLE = 4
export const SIGN = 5
export const ROAD = 6
export const PAVEMENT = 7
export const CAR = 8
export const PERSON = 9

/** What has an outline of its own: the classes of boxes. */
export const FIGURES = ['car', 'person', 'sign', 'street light'] as const
export type FigureKind = (typeof FIGURES)[number]
