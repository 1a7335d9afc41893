#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Reads at a place, however often the call is interrupted; the bytes read, 0 at the end, or `-errno`.
func systemRead(_ descriptor: CInt, _ buffer: UnsafeMutableRawPointer, _ count: Int, at offset: Int) -> Int {
  while true {
    let got = unsafe pread(descriptor, buffer, count, off_t(offset))
    if got >= 0 { return got }
    if errno != EINTR { return -Int(errno) }
  }
}

/// The last system call's error.
func systemError() -> CInt { errno }
