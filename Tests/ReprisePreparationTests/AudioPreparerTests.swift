import RepriseAudio
import ReprisePreparation
import RepriseSystem
import TestSupport
import Testing

@Suite("A preparer as a program of one's own calls it")
struct AudioPreparerTests {
  @Test("a plan is carried out at the file that is named, and tells where it is")
  func prepares() async throws {
    let scratch = try Scratch()
    var preparer = AudioPreparer()
    preparer.options.end = 6.5
    let plan = try await preparer.plan(FilePath(fixture("recording.mp3")), depth: .samples)
    #expect(plan.recording == FilePath(fixture("recording.mp3")) && !plan.keepsFile)
    let output = FilePath(scratch.path("part.\(plan.format.rawValue)"))
    let prepared = try await preparer.prepare(plan, to: output)
    #expect(prepared.file == output)
    let found = await AudioInspector().inspect(output, depth: .samples)
    #expect(found.verdict == .ready && found.file == output)
    #expect(abs((found.duration?.seconds ?? 0) - 6.5) < 0.05)
  }

  @Test("a file that fits is kept")
  func keeps() async throws {
    let plan = try await AudioPreparer().plan(FilePath(fixture("recording.mp3")))
    #expect(plan.keepsFile)
  }

  @Test("a file of which nothing can be made says what was found", arguments: ["empty.wav", "none.wav"])
  func unusable(name: String) async throws {
    do throws(AudioPreparerError) {
      _ = try await AudioPreparer().plan(FilePath(fixture(name)))
      Issue.record("it was planned")
    } catch {
      guard case .unusable(let unusable) = error else {
        Issue.record("\(error)")
        return
      }
      #expect(unusable.inspection.verdict == .rejected && unusable.inspection.file == FilePath(fixture(name)))
    }
  }

  @Test("times that make no sense and outputs that are there come as errors of their stage")
  func errors() async throws {
    let scratch = try Scratch()
    var preparer = AudioPreparer()
    preparer.options.start = 5000
    do throws(AudioPreparerError) {
      _ = try await preparer.plan(FilePath(fixture("recording.mp3")))
      Issue.record("it was planned")
    } catch {
      guard case .unfit(let cause) = error else {
        Issue.record("\(error)")
        return
      }
      #expect(cause.code == .badRange)
    }
    let there = try scratch.file("there.mp3", [1, 2, 3])
    preparer.options.start = nil
    preparer.options.end = 6.5
    let plan = try await preparer.plan(FilePath(fixture("recording.mp3")))
    do throws(AudioPreparerError) {
      _ = try await preparer.prepare(plan, to: FilePath(there))
      Issue.record("it was replaced")
    } catch {
      guard case .unwritable(let cause) = error else {
        Issue.record("\(error)")
        return
      }
      #expect(cause.code == .exists)
    }
    #expect(try bytes(of: there) == [1, 2, 3])
  }

  @Test("a cancelled task is reported as one")
  func cancelled() async throws {
    let task = Task { () async -> AudioPreparerError? in
      unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
      do throws(AudioPreparerError) {
        _ = try await AudioPreparer().plan(FilePath(fixture("recording.mp3")))
        return nil
      } catch {
        return error
      }
    }
    guard case .cancelled = await task.value else {
      Issue.record("it was not cancelled")
      return
    }
  }
}
