internal import CSndfile
import RepriseSystem

/// The bytes of a file with the interface that libsndfile needs to read them.
///
/// The position is its own, so that several readers of one file do not disturb each other.
final class SndfileInput {
  private let file: InputFile
  private let base: Int
  private let cancellation: Cancellation?
  private var position = 0
  /// First error.
  private(set) var failure: AudioFileError?

  /// Creates the interface to a file whose container begins at `base`.
  init(_ file: InputFile, base: Int, cancellation: Cancellation?) {
    self.file = file
    self.base = base
    self.cancellation = cancellation
  }

  private var byteCount: Int { file.byteCount - base }

  private func seek(_ offset: Int, _ whence: CInt) -> Int {
    let origin =
      switch whence {
      case CInt(SEEK_CUR): position
      case CInt(SEEK_END): byteCount
      default: 0
      }
    let (target, overflow) = origin.addingReportingOverflow(offset)
    guard !overflow, target >= 0 else { return -1 }
    position = target
    return target
  }

  private func read(_ target: UnsafeMutableRawBufferPointer) -> Int {
    guard failure == nil, position < byteCount else { return 0 }
    do throws(AudioFileError) {
      if cancellation?.isCancelled == true { throw AudioFileError.cancelled(file.path) }
      let bytes = try file.bytes(at: base + position, count: target.count)
      unsafe target.copyBytes(from: bytes)
      position += bytes.count
      return bytes.count
    } catch {
      failure = error
      return 0
    }
  }

  private static func of(_ context: UnsafeMutableRawPointer?) -> SndfileInput? {
    guard let context = unsafe context else { return nil }
    return unsafe Unmanaged<SndfileInput>.fromOpaque(context).takeUnretainedValue()
  }

  /// Returns the callbacks, to be used with an unretained pointer to an input that outlives the SNDFILE.
  static func callbacks() -> SF_VIRTUAL_IO {
    unsafe SF_VIRTUAL_IO(
      get_filelen: { context in sf_count_t(unsafe SndfileInput.of(context)?.byteCount ?? -1) },
      seek: { offset, whence, context in
        sf_count_t(unsafe SndfileInput.of(context)?.seek(Int(offset), whence) ?? -1)
      },
      read: { buffer, count, context in
        guard let input = unsafe SndfileInput.of(context), let buffer = unsafe buffer, count > 0 else { return 0 }
        return sf_count_t(unsafe input.read(UnsafeMutableRawBufferPointer(start: buffer, count: Int(count))))
      },
      write: { _, _, _ in 0 },
      tell: { context in sf_count_t(unsafe SndfileInput.of(context)?.position ?? -1) })
  }
}
