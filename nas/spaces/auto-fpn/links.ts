/** From a map to another: of a neck's layer, levels from the finest; of a head's cell, see {@link CELL_LINKS}. */
export interface Link {
  readonly source: number
  readonly target: number
}

/** Every level of a layer reads every level before it (Fig. 3a): by target, then by source. */
export const layerLinks = (levels: number): readonly Link[] =>
  Array.from({ length: levels ** 2 }, (_, i) => ({ source: i % levels, target: Math.floor(i / levels) }))

/** Intermediate nodes of a cell. */
export const NODES = 4
/** Input nodes: the outputs of the two cells before, the older first. */
export const INPUTS = 2

/**
 * Every intermediate node of a cell reads the inputs and all nodes before it (Fig. 3b): 2 + 3 + 4 + 5 links. Sources are the inputs 0
 * and 1 and then the nodes from 2 on; targets are nodes from 0 on.
 */
export const CELL_LINKS: readonly Link[] = Array.from({ length: NODES }, (_, target) =>
  Array.from({ length: INPUTS + target }, (_, source) => ({ source, target })),
).flat()
