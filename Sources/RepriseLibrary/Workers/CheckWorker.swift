package import RepriseAudio
internal import Foundation
internal import RepriseSystem

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// The other side of a scan: a process that looks at one file after another, so that a decoder that crashes or hangs
/// takes nothing with it but the file.
package enum CheckWorker {
  /// What a worker says first, so that one that can't even start is not laid at a file's door.
  static let greeting = Array("reprise check worker".utf8)

  /// What an answer begins with.
  enum Answer: Int64 {
    case checked, unchanged
  }

  /// A path to look at, and the digest under which an answer is known already.
  struct Request {
    var path: [UInt8]
    var known: [UInt8]

    init(path: [UInt8], known: [UInt8]) {
      self.path = path
      self.known = known
    }

    init?(_ bytes: ArraySlice<UInt8>) {
      var reader = ByteReader(bytes)
      guard let path = reader.bytes(), let known = reader.bytes() else { return nil }
      self.init(path: path, known: known)
    }

    var encoded: [UInt8] {
      var writer = ByteWriter()
      writer.put(path)
      writer.put(known)
      return writer.bytes
    }
  }

  /// Answers what comes on stdin until nothing more comes; blocks.
  ///
  /// Ends the process once the scan has gone, whatever is being decoded then.
  ///
  /// - Parameter render: makes the record of an inspection, and the rows that people read, each with its line end.
  package static func run(rendering render: (Inspection) throws -> (record: [UInt8], rows: String)) {
    guard let requests = WorkerLoop(greeting: greeting) else { return }
    guard let terms = try? JSONDecoder().decode(CheckTerms.self, from: Data(requests.next())) else { return }
    while true {
      guard let request = Request(requests.next()[...]) else { return }
      var writer = ByteWriter()
      if !request.known.isEmpty, (try? digest(of: RawPath(request.path))) == request.known {
        writer.put(Answer.unchanged.rawValue)
      } else {
        guard let answer = try? answer(RawPath(request.path), terms: terms, render: render) else { return }
        writer.put(Answer.checked.rawValue)
        writer.put(answer.encoded)
      }
      guard requests.answer(writer.bytes) else { return }
    }
  }

  private static func answer(
    _ path: RawPath, terms: CheckTerms, render: (Inspection) throws -> (record: [UInt8], rows: String)
  ) throws -> CheckAnswer {
    let deep = terms.depth >= .deep
    let loudness = terms.depth == .loudness
    func looked(at text: String) -> Inspection {
      inspectBlocking(path: text, limits: terms.limits, deep: deep, loudness: loudness)
    }
    var inspection: Inspection
    if path.isText {
      inspection = looked(at: path.text)
    } else {
      do throws(FileError) {
        // No text leads to it, so it is looked at under the name of its descriptor, which then gives way to its own.
        let file = try RawFile(path)
        inspection = looked(at: file.alias)
        inspection.path = path.text
      } catch {
        // Its text may lead to another file, whose verdict is none of this one's.
        inspection = Inspection(failed: error)
      }
    }
    var answer = CheckAnswer(inspection, rendered: try render(inspection))
    if deep { answer.content = (try? digest(of: path)) ?? [] }
    return answer
  }

  private static func digest(of path: RawPath) throws -> [UInt8] {
    try RawFile(path).digest(of: nil)
  }
}
