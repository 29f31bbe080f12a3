import type { RunRecord } from '../nas/runs/record.ts'
import { html } from './html.ts'
import type { Section } from './section.ts'

/** How to run the model of a finished run. @param output what of it is looked up among the classes, in words */
export const runModelSection = ({ run }: RunRecord, output: string): Section => ({
  id: 'model',
  title: 'Run this model',
  body: html`<p>The network is in <code>decoded/model.onnx</code> beside this report. It takes any number of images of any size;
<code>decoded/model.json</code> says how these are normalised and padded, and which classes ${output} names.</p>
<pre>${`import json, onnxruntime
card = json.load(open('decoded/model.json'))
session = onnxruntime.InferenceSession('decoded/model.onnx')
predictions, = session.run(['predictions'], {'image': batch})  # float32 [batch, 3, height, width]`}</pre>
<p>Trellis's README has whole programs in Python and JavaScript. <code>trellis export ${run} --weights weights.safetensors</code> takes
the weights, <code>--input HxW --onnx fixed.onnx</code> a model for one size, and <code>--baseline</code> a baseline instead.</p>`,
})
