import { pipelines as commandLines } from '../../cli/pipelines/index.ts'
import { jobs } from '../../containers/index.ts'
import { pipelines } from '../../functions/index.ts'
import { simulatedPipelines } from '../../local/simulator/pipelines/index.ts'
import { contracts } from '../../nas/pipelines/index.ts'
import { commandLine } from './cli.ts'
import { perceptron } from './contract.ts'
import { functions } from './functions.ts'
import { programs } from './job.ts'
import { simulated } from './simulator.ts'

/* A record in each of the five indexes: nothing else knows of this pipeline. */

contracts.register('perceptron', perceptron)
pipelines.register('perceptron', functions)
jobs.register('perceptron', programs)
commandLines.register('perceptron', commandLine)
simulatedPipelines.register('perceptron', simulated)
