import FuzzSupport
@testable import RepriseLocalService

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A submission's body on its way into the local service: JSON scanner, Base64 into a file, the small fields.
@main
enum Main {
  static func main() {
    // A directory of this process's own: several may run.
    let path = "/dev/shm/reprise-fuzz-\(getpid())"
    let configuration = LocalServerConfiguration()
    fuzz { input in
      // The first byte says in pieces of what size it comes; the answer must not depend on it.
      let body = Array(input.dropFirst())
      let whole = outcome(of: body, piece: max(body.count, 1), path: path)
      let pieces = outcome(of: body, piece: Int(input.first ?? 0) % 16 + 1, path: path)
      precondition(whole == pieces, "in one: \(whole)\nin pieces: \(pieces)")
      if case .read(let members, _) = whole {
        var fields = SubmissionFields(members, configuration: configuration)
        _ = fields.read()
      }
    }
  }

  private enum Outcome: Equatable {
    case read([String: JSONMember], Result<Reference, ReferenceProblem>?)
    case refused(JSONProblem)
  }

  private static func outcome(of body: [UInt8], piece: Int, path: String) -> Outcome {
    unsafe unlink(path)
    defer { unsafe unlink(path) }
    var scanner = JSONObjectScanner(
      streaming: SubmissionFields.reference, into: ReferenceSink(path: path, maximumBytes: 1000),
      keeping: SubmissionFields.kept, bounds: JSONBounds())
    do {
      var start = 0
      while start < body.count {
        let end = min(start + piece, body.count)
        try scanner.scan(Array(body[start..<end]).span)
        start = end
      }
      try scanner.finish()
    } catch let problem as JSONProblem {
      return .refused(problem)
    } catch {
      preconditionFailure("neither JSON nor a reference: \(error)")
    }
    guard scanner.members[SubmissionFields.reference] == .streamed else { return .read(scanner.members, nil) }
    do {
      return .read(scanner.members, .success(try scanner.sink.finish()))
    } catch let problem as ReferenceProblem {
      return .read(scanner.members, .failure(problem))
    } catch {
      preconditionFailure("the reference could not be written: \(error)")
    }
  }
}
