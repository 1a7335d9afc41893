import Foundation
import Reprise

/// Makes a cover on this machine, then resumes the jobs left open by earlier runs.
@main
enum Main {
  static func main() async {
    let arguments = CommandLine.arguments
    guard arguments.count == 4 else {
      print("usage: make-and-resume-cover RECORDING PROMPT COVER")
      exit(64)
    }
    // Without `service`, the service of the configuration is used, which may cost money.
    let pipeline = CoverPipeline(service: .startLocal)
    do {
      let cover = try await pipeline.makeCover(
        of: FilePath(arguments[1]), prompt: arguments[2], to: FilePath(arguments[3]), replacing: true
      ) { event in
        if case .waiting(_, let share?) = event { print("generating: \(Int(share * 100)) %") }
      }
      print(cover.file, cover.report?.verdict.rawValue ?? "not checked")
    } catch {
      print("make-and-resume-cover: \(error)")
      exit(1)
    }
    await resumeOpenJobs(of: pipeline)
  }

  private static func resumeOpenJobs(of pipeline: CoverPipeline) async {
    do {
      for job in try await pipeline.openJobs() {
        let cover = try await pipeline.resume(job)
        print("resumed \(job.job): \(cover.file)")
      }
    } catch .jobInUse(let job) {
      print("another process has \(job.job)")
    } catch {
      print("make-and-resume-cover: \(error)")
      exit(1)
    }
  }
}
