internal import Dispatch

/// Runs an actor's work on a queue of its own, so that disk I/O never blocks the cooperative pool.
final class DiskExecutor: SerialExecutor {
  private let queue = DispatchQueue(label: "reprise.local.disk")

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    let executor = unsafe asUnownedSerialExecutor()
    queue.async { unsafe job.runSynchronously(on: executor) }
  }
}
