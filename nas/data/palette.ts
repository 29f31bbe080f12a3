export type Colour = readonly [red: number, green: number, blue: number]

/** Cityscapes colours (cityscapesScripts, labels.py), by the names that Cityscapes, CamVid and ADE20K give these classes. */
const STREET = new Map<string, Colour>(
  (
    [
      [[0, 0, 0], 'background'],
      [[128, 64, 128], 'road'],
      [[244, 35, 232], 'sidewalk', 'pavement'],
      [[70, 70, 70], 'building'],
      [[102, 102, 156], 'wall'],
      [[190, 153, 153], 'fence'],
      [[153, 153, 153], 'pole', 'columnpole'],
      [[250, 170, 30], 'trafficlight'],
      [[220, 220, 0], 'trafficsign', 'signsymbol', 'sign'],
      [[107, 142, 35], 'vegetation', 'tree'],
      [[152, 251, 152], 'terrain', 'grass'],
      [[70, 130, 180], 'sky'],
      [[220, 20, 60], 'person', 'pedestrian'],
      [[255, 0, 0], 'rider'],
      [[0, 0, 142], 'car'],
      [[0, 0, 70], 'truck'],
      [[0, 60, 100], 'bus'],
      [[0, 80, 100], 'train'],
      [[0, 0, 230], 'motorcycle', 'motorbike'],
      [[119, 11, 32], 'bicycle', 'bicyclist'],
    ] satisfies readonly (readonly [Colour, ...string[]])[]
  ).flatMap(([colour, ...names]) => names.map((name) => [name, colour] as const)),
)

/** Reserved for void pixels and for paper. */
const RESERVED: readonly Colour[] = [
  [0, 0, 0],
  [255, 255, 255],
]

const LEVELS = [0, 43, 85, 128, 170, 213, 255]
const LATTICE: readonly Colour[] = LEVELS.flatMap((r) =>
  LEVELS.flatMap((g) => LEVELS.map((b): Colour => [r, g, b])),
)

const squaredDistance = (a: Colour, b: Colour) => (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 + (a[2] - b[2]) ** 2

/**
 * One colour a class, all different for up to 256 classes: the Cityscapes colour where the class has one, else the colour
 * farthest from all colours in use. The same classes always get the same colours.
 */
export function paletteFor(classes: readonly string[]): Colour[] {
  const known = classes.map((name) => STREET.get(name.toLowerCase().replace(/[^a-z]/g, '')))
  const colours = known.map((colour, i) => (known.indexOf(colour) === i ? colour : undefined))
  const used = [...RESERVED, ...colours.filter((colour) => colour !== undefined)]
  const gaps = LATTICE.map((colour) => Math.min(...used.map((other) => squaredDistance(colour, other))))

  return colours.map((colour) => {
    if (colour !== undefined) return colour
    const farthest = LATTICE[gaps.indexOf(Math.max(...gaps))]!
    LATTICE.forEach((candidate, i) => {
      gaps[i] = Math.min(gaps[i]!, squaredDistance(candidate, farthest))
    })
    return farthest
  })
}
