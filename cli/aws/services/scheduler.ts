import type {
  CreateScheduleInput,
  CreateScheduleOutput,
  DeleteScheduleInput,
  DeleteScheduleOutput,
  GetScheduleInput,
  GetScheduleOutput,
  ListSchedulesInput,
  ListSchedulesOutput,
  UpdateScheduleInput,
  UpdateScheduleOutput,
} from '@aws-sdk/client-scheduler'
import { settings } from './settings.ts'

/** EventBridge Scheduler. */
export interface Scheduler {
  createSchedule(request: CreateScheduleInput): Promise<CreateScheduleOutput>
  updateSchedule(request: UpdateScheduleInput): Promise<UpdateScheduleOutput>
  getSchedule(request: GetScheduleInput): Promise<GetScheduleOutput>
  listSchedules(request: ListSchedulesInput): Promise<ListSchedulesOutput>
  deleteSchedule(request: DeleteScheduleInput): Promise<DeleteScheduleOutput>
}

export async function openScheduler(): Promise<Scheduler> {
  const { Scheduler } = await import('@aws-sdk/client-scheduler')
  return new Scheduler(settings)
}
