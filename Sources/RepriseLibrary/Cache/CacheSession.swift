internal import RepriseAudio
internal import Foundation
package import RepriseSystem
internal import Synchronization

/// A scan's use of the cache, which looks up and keeps many responses at a time.
///
/// If the cache fails, the scan continues without it.
package final class CacheSession: Sendable {
  private struct State {
    var new: [ValidationCache.NewEntry] = []
    var kept = ContinuousClock.now
    var policy: TimestampPolicy
    var failure: ScanError?
  }

  private let cache: ValidationCache?
  private let options: ScanOptions
  private let state: Mutex<State>

  /// Creates a session.
  ///
  /// - Parameters:
  ///   - cache: The cache; `nil` for a session that finds and keeps nothing.
  ///   - options: The options of the scan.
  ///   - policy: The policy that decides which stamps reveal every change.
  package init(_ cache: ValidationCache?, options: ScanOptions, policy: sending TimestampPolicy = TimestampPolicy()) {
    self.cache = cache
    self.options = options
    state = Mutex(State(policy: policy))
  }

  /// The error for which the cache was given up; `nil` while it is used.
  var failure: ScanError? { state.withLock { $0.failure } }

  /// The result of a file's lookup in the cache.
  package enum Found {
    case nothing
    /// The file is unchanged.
    case holds(CheckResponse)
    /// The file seems to be unchanged; its content is to be compared first.
    case known(CheckResponse)
  }

  /// Looks up files, and returns their results in the same order.
  package func look(up files: [(path: RawPath, stamp: FileStamp?)]) -> [Found] {
    guard let cache, failure == nil else { return files.map { _ in .nothing } }
    do throws(ScanError) {
      var asked: [(path: RawPath, stamp: FileStamp)] = []
      for file in files { if let stamp = file.stamp { asked.append((file.path, stamp)) } }
      var entries = try cache.entries(of: asked, options: options)[...]
      return files.map { file in
        // A deeper check serves a skim; a skim serves nothing but a skim.
        guard let stamp = file.stamp, let entry = entries.removeFirst(), entry.stamp == stamp,
          entry.depth >= options.depth, options.depth == .skim || !entry.response.isSkimmed
        else { return .nothing }
        if options.depth >= .samples { return entry.response.content.isEmpty ? .nothing : .known(entry.response) }
        if let ends = entry.ends, (try? RawFile(file.path).endsDigest()) != ends { return .nothing }
        return .holds(entry.response)
      }
    } catch {
      fail(error)
      return files.map { _ in .nothing }
    }
  }

  /// Keeps a response, if the file has been unchanged for long enough before, during and after the check.
  package func keep(_ request: CheckRequest, _ response: CheckResponse) {
    guard cache != nil, [nil, .empty, .notAudio, .unsupportedFormat].contains(response.failure),
      let stamp = request.stamp, FileStamp(at: request.path) == stamp
    else { return }
    let batch: [ValidationCache.NewEntry] = state.withLock { state in
      guard state.failure == nil else { return [] }
      let (isTrusted, isSettled) = state.policy.judge(stamp, at: request.path, seen: request.seen)
      guard isSettled else { return [] }
      let ends = isTrusted ? nil : try? RawFile(request.path).endsDigest()
      guard isTrusted || ends != nil else { return [] }
      state.new.append(ValidationCache.NewEntry(path: request.path, stamp: stamp, response: response, ends: ends))
      let now = ContinuousClock.now
      guard state.new.count >= 500 || state.kept.duration(to: now) > .milliseconds(100) else { return [] }
      state.kept = now
      defer { state.new = [] }
      return state.new
    }
    put(batch)
  }

  /// Writes the responses that are noted but not yet written.
  package func flush() {
    put(
      state.withLock { state in
        defer { state.new = [] }
        return state.new
      })
  }

  private func put(_ batch: [ValidationCache.NewEntry]) {
    guard let cache, !batch.isEmpty else { return }
    do throws(ScanError) { try cache.keep(batch, options: options) } catch { fail(error) }
  }

  private func fail(_ error: ScanError) { state.withLock { if $0.failure == nil { $0.failure = error } } }

  /// Returns the kept digest of a file's audio.
  package func audioDigest(of path: RawPath, stamp: FileStamp) -> [UInt8]? {
    guard let cache, failure == nil, let kept = try? cache.audioDigest(of: path, stamp: stamp) else { return nil }
    if let ends = kept.ends, (try? RawFile(path).endsDigest()) != ends { return nil }
    return kept.digest
  }

  /// Returns the kept fingerprint of a file.
  package func print(of path: RawPath, stamp: FileStamp, tool: String) -> Fingerprint? {
    guard let cache, failure == nil, let kept = try? cache.print(of: path, stamp: stamp, tool: tool) else { return nil }
    if let ends = kept.ends, (try? RawFile(path).endsDigest()) != ends { return nil }
    return kept.print
  }

  /// Keeps a fingerprint, if the file had been unchanged for long enough.
  ///
  /// - Parameters:
  ///   - print: The fingerprint.
  ///   - path: The file.
  ///   - stamp: The file's stamp before it was read.
  ///   - seen: Time at which the file was examined, before it was read, in nanoseconds since 1970.
  ///   - tool: The program that made the fingerprint, with its version.
  package func keep(_ print: Fingerprint, of path: RawPath, stamp: FileStamp, seen: Int64, tool: String) {
    guard let cache, failure == nil else { return }
    let (isTrusted, isSettled) = state.withLock { $0.policy.judge(stamp, at: path, seen: seen) }
    guard isSettled else { return }
    let ends = isTrusted ? nil : try? RawFile(path).endsDigest()
    guard isTrusted || ends != nil else { return }
    do throws(ScanError) {
      try cache.keep(ValidationCache.KeptPrint(print: print, ends: ends), of: path, stamp: stamp, tool: tool)
    } catch {
      fail(error)
    }
  }

  /// Keeps digests of audio.
  package func keep(audio: [(path: RawPath, stamp: FileStamp, digest: [UInt8])]) {
    guard let cache, failure == nil, !audio.isEmpty else { return }
    do throws(ScanError) { try cache.keep(audio: audio) } catch { fail(error) }
  }
}
