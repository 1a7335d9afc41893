import Foundation
import RepriseSystem
import TestSupport
import Testing

@Suite("Mapped bytes")
struct MappedBytesTests {
  /// A file of `count` bytes of 7, open for reading and writing.
  private static func file(_ count: Int) throws -> FileHandle {
    let scratch = try Scratch()
    // Open, it outlives its name.
    let handle = try FileHandle(forUpdating: URL(filePath: scratch.file("seven", [UInt8](repeating: 7, count: count))))
    scratch.remove()
    return handle
  }

  private static func map(_ file: FileHandle, _ count: Int) throws -> MappedBytes {
    try MappedBytes(BorrowedFile(descriptor: file.fileDescriptor, path: "mapped"), count: count)
  }

  private static func sum(_ bytes: borrowing MappedBytes) -> Int {
    bytes.withBytes { span in
      (0..<span.byteCount).reduce(0) { unsafe $0 + Int(span.unsafeLoad(fromByteOffset: $1, as: UInt8.self)) }
    }
  }

  @Test("all bytes are there, before and after they were let go of", arguments: [0, 1, 4096, 1_000_000])
  func reading(count: Int) throws {
    let file = try Self.file(count)
    let mapped = try Self.map(file, count)
    let (total, before) = (mapped.count, Self.sum(mapped))
    mapped.forget(before: count)
    let (after, isCut) = (Self.sum(mapped), mapped.isCut)
    #expect(total == count && before == 7 * count && after == 7 * count && !isCut)
  }

  @Test("a file that shrinks while it is mapped reads as zeros and says so, and others do not")
  func shrinking() throws {
    let count = 1 << 20
    let file = try Self.file(count)
    let other = try Self.file(count)
    let mapped = try Self.map(file, count)
    let whole = try Self.map(other, count)
    let before = Self.sum(mapped)
    try file.truncate(atOffset: 8192)
    let (after, isCut) = (Self.sum(mapped), mapped.isCut)
    let (other7, otherIsCut) = (Self.sum(whole), whole.isCut)
    #expect(before == 7 * count && after == 7 * 8192 && isCut)
    #expect(other7 == 7 * count && !otherIsCut)
  }
}
