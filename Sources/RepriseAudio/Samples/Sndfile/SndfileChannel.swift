internal import CSndfile

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A descriptor as libsndfile sees it.
///
/// libsndfile's own file layer takes only paths it can name and drops the reason of a failed write (its mp3 writer
/// drops the failure itself); through these callbacks any descriptor serves and `errno` is kept.
final class SndfileChannel {
  let descriptor: CInt
  /// The first system error met, 0 if none.
  private(set) var failure: CInt = 0

  init(descriptor: CInt) { self.descriptor = descriptor }

  fileprivate func fail() { if failure == 0 { failure = errno } }

  private static func of(_ context: UnsafeMutableRawPointer?) -> SndfileChannel? {
    guard let context = unsafe context else { return nil }
    return unsafe Unmanaged<SndfileChannel>.fromOpaque(context).takeUnretainedValue()
  }

  /// The callbacks, to be used with an unretained pointer to a channel that outlives the SNDFILE.
  static func callbacks() -> SF_VIRTUAL_IO {
    unsafe SF_VIRTUAL_IO(
      get_filelen: { context in
        guard let channel = unsafe SndfileChannel.of(context) else { return -1 }
        var status = stat()
        guard unsafe fstat(channel.descriptor, &status) == 0 else { return -1 }
        return sf_count_t(status.st_size)
      },
      seek: { offset, whence, context in
        guard let channel = unsafe SndfileChannel.of(context) else { return -1 }
        return sf_count_t(lseek(channel.descriptor, off_t(offset), whence))
      },
      read: { buffer, count, context in
        guard let channel = unsafe SndfileChannel.of(context), let buffer = unsafe buffer, count > 0 else { return 0 }
        var total = 0
        while total < Int(count) {
          let got = unsafe systemRead(channel.descriptor, buffer + total, Int(count) - total)
          if got < 0 && errno == EINTR { continue }
          if got < 0 { channel.fail() }
          if got <= 0 { break }
          total += got
        }
        return sf_count_t(total)
      },
      write: { buffer, count, context in
        guard let channel = unsafe SndfileChannel.of(context), let buffer = unsafe buffer, count > 0 else { return 0 }
        var total = 0
        while total < Int(count) {
          let put = unsafe systemWrite(channel.descriptor, buffer + total, Int(count) - total)
          if put < 0 && errno == EINTR { continue }
          if put < 0 { channel.fail() }
          if put <= 0 { break }
          total += put
        }
        return sf_count_t(total)
      },
      tell: { context in
        guard let channel = unsafe SndfileChannel.of(context) else { return -1 }
        return sf_count_t(lseek(channel.descriptor, 0, SEEK_CUR))
      })
  }
}

// Named apart because inside SF_VIRTUAL_IO's labels `read` and `write` would read as the callbacks.
private func systemRead(_ descriptor: CInt, _ buffer: UnsafeMutableRawPointer, _ count: Int) -> Int {
  unsafe read(descriptor, buffer, count)
}

private func systemWrite(_ descriptor: CInt, _ buffer: UnsafeRawPointer, _ count: Int) -> Int {
  unsafe write(descriptor, buffer, count)
}
