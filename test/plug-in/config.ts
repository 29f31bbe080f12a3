/** A search that takes seconds. */
export const CONFIG = `
pipeline: perceptron
name: tiny
dataset: { kind: shapes, images: 40, validation: 20, size: 16 }
widths: [2, 4, 8]
steps: 300
`
