/** Input pixels a pixel of the backbone's levels, C2 to C5 in FPN (arXiv 1612.03144, section 3). */
export const LEVEL_STRIDES = [4, 8, 16, 32] as const

/** Input pixels a pixel of those levels of a one-stage detector that its backbone gives, the finest that of conv4_3 in SSD. */
export const ONE_STAGE_STRIDES = [8, 16, 32] as const
