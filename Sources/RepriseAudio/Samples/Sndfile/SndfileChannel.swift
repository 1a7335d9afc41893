internal import CSndfile
import RepriseSystem

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// An open file with the interface that libsndfile needs.
///
/// libsndfile's own file layer accepts only paths it can name and drops the reason of a failed write (its mp3 writer
/// drops the failure itself); with these callbacks any file can be used and the error of the system is kept.
final class SndfileChannel {
  private let file: OwnedFile
  /// Offset in the file of the first byte that libsndfile knows of.
  private let start: Int
  /// First error.
  private(set) var failure: FileError?

  /// Creates a channel to the bytes of a file from an offset on; whoever reads or writes is to be there.
  init(_ file: consuming OwnedFile, start: Int = 0) {
    self.file = file
    self.start = start
  }

  /// Moves to an offset, counted from the first byte that libsndfile knows of.
  private func seek(by offset: Int, from whence: CInt) throws(FileError) -> Int {
    try file.seek(by: whence == SEEK_SET ? offset + start : offset, from: whence) - start
  }

  private func attempt<Result>(orElse value: Result, _ body: () throws(FileError) -> Result) -> Result {
    do throws(FileError) { return try body() } catch {
      if failure == nil { failure = error }
      return value
    }
  }

  private static func of(_ context: UnsafeMutableRawPointer?) -> SndfileChannel? {
    guard let context = unsafe context else { return nil }
    return unsafe Unmanaged<SndfileChannel>.fromOpaque(context).takeUnretainedValue()
  }

  /// Returns the callbacks, to be used with an unretained pointer to a channel that outlives the SNDFILE.
  static func callbacks() -> SF_VIRTUAL_IO {
    unsafe SF_VIRTUAL_IO(
      get_filelen: { context in
        guard let channel = unsafe SndfileChannel.of(context) else { return -1 }
        return sf_count_t((try? channel.file.status().byteCount - channel.start) ?? -1)
      },
      seek: { offset, whence, context in
        guard let channel = unsafe SndfileChannel.of(context) else { return -1 }
        return sf_count_t((try? channel.seek(by: Int(offset), from: whence)) ?? -1)
      },
      read: { buffer, count, context in
        guard let channel = unsafe SndfileChannel.of(context), let buffer = unsafe buffer, count > 0 else { return 0 }
        let target = unsafe UnsafeMutableRawBufferPointer(start: buffer, count: Int(count))
        return sf_count_t(channel.attempt(orElse: 0) { () throws(FileError) in try unsafe channel.file.fill(target) })
      },
      write: { buffer, count, context in
        guard let channel = unsafe SndfileChannel.of(context), let buffer = unsafe buffer, count > 0 else { return 0 }
        let bytes = unsafe UnsafeRawBufferPointer(start: buffer, count: Int(count))
        return channel.attempt(orElse: 0) { () throws(FileError) in
          try unsafe channel.file.write(bytes)
          return count
        }
      },
      tell: { context in
        guard let channel = unsafe SndfileChannel.of(context) else { return -1 }
        return sf_count_t((try? channel.file.position() - channel.start) ?? -1)
      })
  }
}
