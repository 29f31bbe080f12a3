/** A point of the picture in pixels. */
export type Point = readonly [x: number, y: number]

/** A pinhole camera that looks along the street (Z, metres ahead); X is metres to the right of the road's centre, Y metres up. */
export interface Camera {
  /** Pixels. */
  readonly focal: number
  /** Position, metres. */
  readonly x: number
  readonly y: number
  /** The vanishing point of the street, pixels. */
  readonly vanishing: Point
}

export const project = (camera: Camera, x: number, y: number, z: number): Point => [
  camera.vanishing[0] + (camera.focal * (x - camera.x)) / z,
  camera.vanishing[1] + (camera.focal * (camera.y - y)) / z,
]

/** The distance of the ground in a row of the picture, metres; not positive above the horizon. */
export const groundDepth = (camera: Camera, row: number): number =>
  (camera.focal * camera.y) / (row + 0.5 - camera.vanishing[1])

/** The distance of the vertical plane X = `x` in a column of the picture; not positive where the column does not meet it. */
export const wallDepth = (camera: Camera, column: number, x: number): number =>
  (camera.focal * (x - camera.x)) / (column + 0.5 - camera.vanishing[0])
