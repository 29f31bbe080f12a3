import './register.ts'
import '../../containers/job.ts'
