internal import CMpg123
import RepriseSystem

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The frames of an mp3 as libmpg123 reads them: consecutive, without the bytes in between, and only until cancelled.
///
/// libmpg123's own search for frames takes bytes in tags and garbage for frames, reads one byte at a time from the
/// system meanwhile, and does not return before it has found one. This source leaves it nothing to search for.
final class MP3Source {
  private let file: BorrowedFile
  private let runs: [Range<Int>]
  private let byteCount: Int
  private let cancellation: Cancellation?
  /// Position of the next byte, counted over all runs.
  private var position = 0
  /// Index of the run that holds the position, and the number of bytes in the previous runs.
  private var run = 0
  private var before = 0
  private var block: [UInt8] = []
  private var blockStart = 0
  /// First error.
  private var failure: FileError?
  private var isCut = false

  private static let blockBytes = 1 << 17

  /// Creates a source of ranges of a file, which the caller keeps open.
  init(_ file: borrowing InputFile, runs: [Range<Int>], cancellation: Cancellation?) {
    self.file = file.borrowed
    self.runs = runs
    byteCount = runs.reduce(0) { $0 + $1.count }
    self.cancellation = cancellation
  }

  /// Makes the handle read from the start of this source, which must live until the handle is closed.
  func open(_ handle: OpaquePointer) -> Bool {
    position = 0
    let replaced = unsafe mpg123_replace_reader_handle(
      handle,
      { context, buffer, count in
        guard let context = unsafe context, let buffer = unsafe buffer, count > 0 else { return 0 }
        return unsafe MP3Source.of(context).read(into: buffer, count: count)
      },
      { context, offset, whence in
        guard let context = unsafe context else { return -1 }
        return unsafe off_t(MP3Source.of(context).seek(Int(offset), whence))
      }, nil)
    guard replaced == MPG123_OK.rawValue else { return false }
    return unsafe mpg123_open_handle(handle, Unmanaged.passUnretained(self).toOpaque()) == MPG123_OK.rawValue
  }

  /// Throws the error that stopped reading, if it was not the end of the file.
  func check(_ path: String) throws(AudioFileError) {
    if cancellation?.isCancelled == true { throw AudioFileError.cancelled(path) }
    if isCut { throw AudioFileError.changed(path) }
    if let failure { throw AudioFileError(failure) }
  }

  private static func of(_ context: UnsafeMutableRawPointer) -> MP3Source {
    unsafe Unmanaged<MP3Source>.fromOpaque(context).takeUnretainedValue()
  }

  /// Reads as `read(2)` does, but fewer bytes than requested only at the end of the frames; returns −1 once cancelled.
  private func read(into target: UnsafeMutableRawPointer, count: Int) -> Int {
    guard failure == nil, cancellation?.isCancelled != true else { return -1 }
    var done = 0
    while done < count, position < byteCount {
      while position < before, run > 0 {
        run -= 1
        before -= runs[run].count
      }
      while position >= before + runs[run].count {
        before += runs[run].count
        run += 1
      }
      let fileOffset = runs[run].lowerBound + position - before
      if fileOffset < blockStart || fileOffset >= blockStart + block.count {
        fill(around: fileOffset)
        guard failure == nil else { return -1 }
        guard fileOffset < blockStart + block.count else {
          // These bytes were read before: the file has lost them since.
          isCut = true
          return -1
        }
      }
      let offset = fileOffset - blockStart
      let part = min(count - done, block.count - offset, runs[run].upperBound - fileOffset)
      unsafe block.withUnsafeBytes { bytes in
        guard let base = bytes.baseAddress else { return }
        unsafe (target + done).copyMemory(from: base + offset, byteCount: part)
      }
      done += part
      position += part
    }
    return done
  }

  private func fill(around fileOffset: Int) {
    // Blocks have fixed offsets, so that going back by a frame seldom requires reading again.
    blockStart = fileOffset / MP3Source.blockBytes * MP3Source.blockBytes
    do throws(FileError) {
      block = try file.bytes(at: blockStart, count: MP3Source.blockBytes)
    } catch {
      block = []
      failure = error
    }
  }

  /// Moves as `lseek(2)` does.
  private func seek(_ offset: Int, _ whence: CInt) -> Int {
    let base =
      switch whence {
      case SEEK_SET: 0
      case SEEK_CUR: position
      case SEEK_END: byteCount
      default: -1
      }
    let (target, overflow) = base.addingReportingOverflow(offset)
    guard base >= 0, !overflow, target >= 0 else { return -1 }
    position = target
    return target
  }
}
