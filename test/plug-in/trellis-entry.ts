import './register.ts'
import '../../cli/trellis.ts'
