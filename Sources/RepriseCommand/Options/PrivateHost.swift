import Foundation
import RepriseService

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The hosts that only this machine or its own network reaches.
package enum PrivateHost {
  /// Returns `true` if the host of a URL is this machine, or has an address or a name that is not used on the internet.
  ///
  /// These are `localhost`, names without a dot and those that end in `.localhost`, `.local`, `.internal` or
  /// `.home.arpa`, and the addresses that RFC 6890 lists as loopback, private-use, link-local, shared or unspecified.
  ///
  /// - Parameter url: The URL.
  /// - Returns: `false` for other hosts, and for a text that is no http or https URL.
  package static func isPrivate(_ url: String) -> Bool {
    guard let host = try? WebAddress(url, what: "the URL").host else { return false }
    var four = in_addr()
    if unsafe inet_aton(host, &four) != 0 { return isPrivate(octets: UInt32(bigEndian: four.s_addr)) }
    var six = in6_addr()
    if unsafe inet_pton(AF_INET6, String(host.prefix { $0 != "%" }), &six) == 1 {
      return isPrivate(bytes: unsafe withUnsafeBytes(of: &six) { unsafe Array($0) })
    }
    let name = host.hasSuffix(".") ? String(host.dropLast()) : host
    return !name.contains(".") || [".localhost", ".local", ".internal", ".home.arpa"].contains { name.hasSuffix($0) }
  }

  private static func isPrivate(octets address: UInt32) -> Bool {
    switch (address >> 24, address >> 16 & 0xFF) {
    case (0, _), (10, _), (127, _), (169, 254), (172, 16...31), (192, 168), (100, 64...127): true
    default: false
    }
  }

  private static func isPrivate(bytes: [UInt8]) -> Bool {
    let isMapped = bytes.prefix(10).allSatisfy { $0 == 0 } && bytes[10] == 0xFF && bytes[11] == 0xFF
    if isMapped { return isPrivate(octets: bytes[12...].reduce(0) { $0 << 8 | UInt32($1) }) }
    // ::, ::1, fc00::/7 and fe80::/10.
    return bytes.prefix(15).allSatisfy { $0 == 0 } && bytes[15] <= 1 || bytes[0] & 0xFE == 0xFC
      || bytes[0] == 0xFE && bytes[1] & 0xC0 == 0x80
  }
}
