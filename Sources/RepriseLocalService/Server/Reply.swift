internal import FlyingFox
internal import FlyingSocks
internal import Foundation

/// A response before it is sent.
struct Reply: Sendable {
  /// Content of the body.
  enum Content: Sendable {
    case data(Data)
    /// A part of a file.
    case file(DownloadFile, Range<Int>)

    var byteCount: Int {
      switch self {
      case .data(let data): data.count
      case .file(_, let range): range.count
      }
    }
  }

  var status: Int
  var headers: [(name: String, value: String)]
  var content: Content

  /// Returns a response with a JSON body.
  static func json(_ status: Int, _ data: Data, headers: [(name: String, value: String)] = []) -> Reply {
    Reply(status: status, headers: [("Content-Type", "application/json")] + headers, content: .data(data))
  }
}

/// The body of a response while it is sent; afterwards it drains the rest of the request and has the connection closed.
struct ReplyBody: AsyncBufferedSequence {
  typealias Element = UInt8

  /// A function called with the number of bytes written to the connection, and `true` if these are all of them.
  typealias Completion = @Sendable (_ bytes: Int, _ isComplete: Bool) -> Void

  let content: Reply.Content
  /// `false` for HEAD: the length is sent, the body is not.
  let isSent: Bool
  /// The request's body, if some of it may be unread.
  let unread: IncomingBody?
  let completion: Completion

  func makeAsyncIterator() -> Iterator { Iterator(self) }

  /// Closes the connection: not an error, as FlyingFox closes a connection whose reply throws.
  private struct ConnectionClosed: Error {}

  final class Iterator: AsyncBufferedIteratorProtocol {
    private let body: ReplyBody
    private let end: Int
    private var sent = 0
    private var isReported = false
    private var reader: FileReader?

    init(_ body: ReplyBody) {
      self.body = body
      end = body.isSent ? body.content.byteCount : 0
    }

    func next() async throws -> UInt8? { try await nextBuffer(suggested: 1)?.first }

    func nextBuffer(suggested count: Int) async throws -> Data? {
      guard sent < end else {
        report(true)
        if let unread = body.unread {
          await Self.drain(unread)
          throw ConnectionClosed()
        }
        return nil
      }
      let piece: Data
      switch body.content {
      case .data(let data):
        piece = data.dropFirst(sent).prefix(count)
      case .file(let file, let range):
        let bytes = try await reader(of: file).read(at: range.lowerBound + sent, count: Swift.min(count, end - sent))
        // The file is shorter than it was: the promised length cannot be kept.
        guard !bytes.isEmpty else { throw ConnectionClosed() }
        piece = Data(bytes)
      }
      sent += piece.count
      return piece
    }

    private func reader(of file: DownloadFile) -> FileReader {
      let made = reader ?? FileReader(file)
      reader = made
      return made
    }

    private func report(_ isComplete: Bool) {
      if isReported { return }
      isReported = true
      body.completion(sent, isComplete)
    }

    deinit { report(false) }

    /// Reads the rest of a request, within bounds, so that closing does not reset the connection before the response is
    /// read.
    private static func drain(_ unread: IncomingBody) async {
      let mostBytes = unread.byteCount + 256 << 20
      await withTaskGroup { group in
        group.addTask {
          while unread.byteCount < mostBytes, (try? await unread.next()) != nil {}
        }
        group.addTask { try? await Task.sleep(for: .seconds(2)) }
        await group.next()
        group.cancelAll()
      }
    }
  }
}

/// Reads a file outside the cooperative pool.
private actor FileReader {
  private let executor = DiskExecutor()
  private let file: DownloadFile

  init(_ file: DownloadFile) { self.file = file }

  nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

  func read(at offset: Int, count: Int) throws -> [UInt8] { try file.read(at: offset, count: count) }
}
