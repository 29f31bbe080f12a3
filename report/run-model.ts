import type { RunRecord } from '../nas/runs/record.ts'
import { type Html, html } from './html.ts'
import type { Section } from './section.ts'

/** How to run the model of a finished run. @param output what of it is looked up among the classes, in words */
export const runModelSection = ({ run }: RunRecord, output: string): Section =>
  section(
    html`It takes any number of images of any size;
<code>decoded/model.json</code> says how these are normalised and padded, and which classes ${output} names.`,
    `predictions, = session.run(['predictions'], {'image': batch})  # float32 [batch, 3, height, width]`,
    html`Trellis's README has whole programs in Python and JavaScript. <code>trellis export ${run} --weights weights.safetensors</code> takes
the weights, <code>--input HxW --onnx fixed.onnx</code> a model for one size, and <code>--baseline</code> a baseline instead.`,
  )

/** The same of a detector. */
export const runDetectorSection = ({ run }: RunRecord): Section =>
  section(
    html`It takes one image of the size that
<code>decoded/model.json</code> names, scaled to fit and padded below and on the right, and gives boxes in its pixels, the score of each, and its class.`,
    `height, width = card['size']
boxes, scores, labels = session.run(['boxes', 'scores', 'labels'], {'image': image})  # float32 [1, 3, height, width]
for box, score, label in zip(boxes, scores, labels):
    print(card['classes'][label], score, *box)  # left, top, right, bottom`,
    html`Trellis's README has a whole program in Python. <code>trellis export ${run} --weights weights.safetensors</code> takes the weights, and <code>--baseline</code> a baseline instead.`,
  )

const section = (input: Html, use: string, others: Html): Section => ({
  id: 'model',
  title: 'Run this model',
  body: html`<p>The network is in <code>decoded/model.onnx</code> beside this report. ${input}</p>
<pre>${`import json, onnxruntime
card = json.load(open('decoded/model.json'))
session = onnxruntime.InferenceSession('decoded/model.onnx')
${use}`}</pre>
<p>${others}</p>`,
})
