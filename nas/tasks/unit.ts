import { z } from 'zod'

export const unit = z.number().min(0).max(1)
