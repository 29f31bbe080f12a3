// Every client says on Node 20 that it will want a later one some day: that is for the developers of Trellis.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true'

/**
 * Of every client. Throttling is waited out: eight attempts with the SDK's full jitter take about half a minute. A connection
 * that says nothing ends, so that no command hangs.
 */
export const settings = {
  maxAttempts: 8,
  requestHandler: { connectionTimeout: 5_000, requestTimeout: 30_000 },
} as const
