package import RepriseAudio
internal import Foundation
internal import RepriseSystem

/// The worker's side of a scan: a process that checks one file after another, so that a decoder that crashes or hangs
/// affects only its file.
package enum CheckWorker {
  /// The argument that makes the `reprise` program such a worker.
  package static let commandName = "validate-worker"
  /// The first message from a worker.
  static let greeting = Array("reprise.check.1".utf8)

  /// A file to check.
  struct Request: WireValue {
    /// The file's path.
    let path: [UInt8]
    /// SHA-256 of the file when it was checked before; empty if it was not.
    let known: [UInt8]

    init(_ request: CheckRequest) {
      path = request.path.bytes
      known = request.known?.content ?? []
    }

    init?(from reader: inout ByteReader) {
      guard let path = reader.bytes(), let known = reader.bytes() else { return nil }
      self.path = path
      self.known = known
    }

    func write(to writer: inout ByteWriter) {
      writer.put(path)
      writer.put(known)
    }
  }

  /// A worker's response to a check.
  enum Response: WireValue {
    case checked(CheckResponse)
    /// The file's content is unchanged since it was checked before.
    case unchanged

    init?(from reader: inout ByteReader) {
      switch reader.flag() {
      case true?:
        guard let response = CheckResponse(from: &reader) else { return nil }
        self = .checked(response)
      case false?: self = .unchanged
      case nil: return nil
      }
    }

    func write(to writer: inout ByteWriter) {
      switch self {
      case .checked(let response):
        writer.put(true)
        response.write(to: &writer)
      case .unchanged: writer.put(false)
      }
    }
  }

  /// Responds to requests on stdin until the end of input; blocks.
  ///
  /// Ends the process once the scan has gone, even in the middle of decoding.
  ///
  /// - Parameter render: A closure that returns the record of an inspection, and the displayed rows, each with its line
  ///   end.
  package static func run(rendering render: (Inspection) throws -> (record: [UInt8], rows: String)) {
    guard let loop = WorkerLoop(greeting: greeting) else { return }
    guard let options = try? JSONDecoder().decode(ScanOptions.self, from: Data(loop.next())) else { return }
    while true {
      guard let request = Request(encoded: loop.next()[...]) else { return }
      let path = RawPath(request.path)
      var response = Response.unchanged
      if request.known.isEmpty || (try? RawFile(path).digest(of: nil)) != request.known {
        guard let found = try? check(path, options, render) else { return }
        response = .checked(found)
      }
      guard loop.respond(response.encoded) else { return }
    }
  }

  private static func check(
    _ path: RawPath, _ options: ScanOptions, _ render: (Inspection) throws -> (record: [UInt8], rows: String)
  ) throws -> CheckResponse {
    let inspection = inspectRaw(path, options: options)
    var response = CheckResponse(inspection, rendered: try render(inspection))
    if options.depth >= .samples { response.content = (try? RawFile(path).digest(of: nil)) ?? [] }
    if options.wantsInspection { response.inspection = try InspectionTransport.encode(inspection) }
    return response
  }
}

/// The encoding of inspections between a worker and a process that needs more than the record.
enum InspectionTransport {
  /// Encodes an inspection.
  static func encode(_ inspection: Inspection) throws -> [UInt8] { [UInt8](try JSONEncoder().encode(inspection)) }

  /// Decodes an inspection; `nil` for other bytes.
  static func decode(_ bytes: [UInt8]) -> Inspection? {
    try? JSONDecoder().decode(Inspection.self, from: Data(bytes))
  }
}

/// Inspects the file at a path that need not be UTF-8; blocks.
///
/// - Parameters:
///   - path: The file.
///   - options: The depth of the check, and the limits of the service.
///   - cancellation: A token that stops the inspection.
/// - Returns: The inspection, whose `path` is the path as a text.
func inspectRaw(_ path: RawPath, options: ScanOptions, cancellation: Cancellation? = nil) -> Inspection {
  func inspection(at name: String) -> Inspection {
    if options.depth == .skim {
      return skimBlocking(path: name, named: path.text, limits: options.limits, cancellation: cancellation)
    }
    return inspectBlocking(
      path: name, named: path.text, limits: options.limits, deep: options.depth >= .samples,
      loudness: options.depth == .loudness, cancellation: cancellation)
  }
  if path.isText { return inspection(at: path.text) }
  do throws(FileError) {
    // The path is not UTF-8, so the file is inspected under the name of its descriptor.
    let file = try RawFile(path)
    return inspection(at: file.alias)
  } catch {
    // The path's text may lead to another file, whose verdict is unrelated.
    return Inspection(failed: error)
  }
}
