/** A point of the picture in pixels. */
export type Point = readonly [x: number, y: number]

/** A pinhole camera that looks along the street (Z, metres ahead); X is metres to the right of the road's centre, Y metres up. */
export interface Camera {
  /** Pixels. */
  readonly focal: number
  /** Where it stands, metres. */
  readonly x: number
  readonly y: number
  /** The vanishing point of the street, pixels. */
  readonly vanishing: Point
}

export const project = (camera: Camera, x: number, y: number, z: number): Point => [
  camera.vanishing[0] + (camera.focal * (x - camera.x)) / z,
  camera.vanishing[1] + (camera.focal * (camera.y - y)) / z,
]

/** How far away the ground is that row `row` shows, metres; not positive above the horizon. */
export const groundDepth = (camera: Camera, row: number): number =>
  (camera.focal * camera.y) / (row + 0.5 - camera.vanishing[1])

/** How far away the upright plane X = `x` is in a column; not positive where the column never meets it. */
export const wallDepth = (camera: Camera, column: number, x: number): number =>
  (camera.focal * (x - camera.x)) / (column + 0.5 - camera.vanishing[0])
