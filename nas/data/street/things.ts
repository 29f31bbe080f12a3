import type { Random } from '../../random.ts'
import { bernoulli, uniform } from '../distributions.ts'
import type { Camera } from './camera.ts'
import { type Car, planCar } from './car.ts'
import { type Person, planPerson } from './person.ts'
import { type Pole, planPole } from './pole.ts'
import type { Ground } from './road.ts'
import { planTree, type Tree } from './tree.ts'

/** An object on the ground. */
export type Thing = Car | Person | Pole | Tree

/** Far ones first, the order of painting. */
export function planThings(ground: Ground, camera: Camera, end: number, rng: Random): Thing[] {
  const things = [...planTraffic(ground, Math.sign(camera.x), end, rng), ...planPavements(ground, end, rng)]
  return things.sort((a, b) => b.z - a.z)
}

/** @param ours the side of the road that we drive on: 1 for the right, -1 for the left */
function* planTraffic(ground: Ground, ours: number, end: number, rng: Random): Generator<Thing> {
  const { lanes, laneWidth, kerb, crossing } = ground
  const density = uniform(rng, 0.2, 1)
  for (const side of [-1, 1]) {
    for (let lane = 0; lane < lanes; lane++) {
      const x = side * (lane + 0.5) * laneWidth
      for (let z = uniform(rng, 7, 25); z < end; z += uniform(rng, 7, 30) / density) {
        yield planCar(x + uniform(rng, -0.3, 0.3), z, side === ours ? 'ahead' : 'oncoming', rng)
      }
    }
    if (kerb - lanes * laneWidth < 2) continue
    for (let z = uniform(rng, 3, 12); z < end; z += 5.9 + uniform(rng, 0, 12) * (1 - density)) {
      yield planCar(side * (kerb - 1), z, bernoulli(rng, 0.8) === (side === ours) ? 'ahead' : 'oncoming', rng)
    }
  }
  if (bernoulli(rng, 0.2)) yield planCar(uniform(rng, -kerb, kerb), uniform(rng, 12, 30), 'crossing', rng)
  const walkers = crossing === undefined ? rng.integer(2) : rng.integer(5)
  for (let i = 0; i < walkers; i++) {
    const z = crossing === undefined ? uniform(rng, 8, 40) : crossing + uniform(rng, 0.3, 2.7)
    yield planPerson(uniform(rng, -kerb, kerb), z, rng)
  }
}

function* planPavements(ground: Ground, end: number, rng: Random): Generator<Thing> {
  const { kerb, wall } = ground
  for (const side of [-1, 1]) {
    const avenue = bernoulli(rng, 0.5)
    for (let z = uniform(rng, 4, 14); z < end; z += uniform(rng, 5, 14)) {
      const x = side * (kerb + 0.5)
      yield avenue && bernoulli(rng, 0.6) ? planTree(x, z, rng) : planPole(x, z, rng)
    }
    const people = rng.integer(16)
    for (let i = 0; i < people; i++) {
      // The square puts more people near the camera, where they are visible.
      const z = 4 + (end - 50) * rng.uniform() ** 2
      yield planPerson(side * uniform(rng, kerb + 0.6, wall - 0.4), z, rng)
    }
  }
}
