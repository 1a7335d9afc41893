import RepriseAudio
import Foundation
import RepriseSystem

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Executes a plan, in blocks, on a separate thread; the source is never changed.
///
/// - Parameters:
///   - plan: The plan made by `makePlan`.
///   - output: The path of the result; nothing appears there until the result is complete and checked.
///   - replacing: `true` if an existing file may be replaced. Where a .flac file was requested and only an MP3 file
///     fits, an existing .mp3 file next to it is never replaced, as the caller did not name it.
///   - progress: A closure called often with the completed share, 0…1.
/// - Returns: The result.
/// - Throws: `PreparationError` if the output is the source or the source has changed, `FileError` if the output cannot
///   be written, `AudioFileError` if the source cannot be read, or `CancellationError`. No partial output is left.
package func prepare(
  _ plan: Plan, to output: String, replacing: Bool = false,
  progress: @escaping @Sendable (Double) -> Void = { _ in }
) async throws -> PreparedAudio {
  try await offPool("reprise.prepare") { cancellation in
    let preparing = Preparing(plan: plan, cancellation: cancellation, progress: progress)
    guard let salvaging = plan.salvaging else { return try preparing.run(to: output, replacing: replacing) }
    try preparing.refuseSameFile(output)
    return try salvaging.execute(plan, cancellation: cancellation) { left in
      try Preparing(plan: left, cancellation: cancellation, progress: progress).run(to: output, replacing: replacing)
    }
  }
}

/// An error for a cut at an MP3 file's own frames that is rejected, so that another method is used.
private struct FrameCutError: Error {
  let fault: FrameCutFault
  var underlying: (any Error)?
}

/// The execution of one plan.
private struct Preparing {
  let plan: Plan
  let cancellation: Cancellation
  let progress: @Sendable (Double) -> Void
  private let notes = Notes()

  init(plan: Plan, cancellation: Cancellation, progress: @escaping @Sendable (Double) -> Void) {
    self.plan = plan
    self.cancellation = cancellation
    self.progress = progress
  }

  /// Remarks on deviations from the plan.
  private final class Notes {
    private(set) var all: [PreparedAudio.Remark] = []
    func add(_ remark: PreparedAudio.Remark) { all.append(remark) }
    func clear() { all = [] }
  }

  func run(to output: String, replacing: Bool) throws -> PreparedAudio {
    try refuseSameFile(output)
    try checkSource()
    do throws(any Error) {
      if let made = try makeFitting(plan.work, at: output, replacing: replacing, remark: nil) { return made }
    } catch let failure as FrameCutError {
      guard let fallback = plan.fallback else {
        throw PreparationError(.notExact(failure.fault), path: plan.path, underlying: failure.underlying)
      }
      let remark = PreparedAudio.Remark.encodedAgain(failure.fault)
      guard let made = try makeFitting(fallback, at: output, replacing: replacing, remark: remark) else {
        throw tooLarge(fallback)
      }
      return made
    }
    guard let fallback = plan.fallback else { throw tooLarge(plan.work) }
    let remark = PreparedAudio.Remark.mp3Instead(
      maximumBytes: plan.limits.maximumBytes,
      conversions: fallback.steps.filter { $0.action == .convert }.map(\.detail))
    let other = renamed(output, from: plan.work.format, to: fallback.format)
    if other != output { try refuseUnnamed(other, instead: output) }
    let isReplacing = replacing && other == output
    guard let made = try makeFitting(fallback, at: other, replacing: isReplacing, remark: remark) else {
      throw tooLarge(fallback)
    }
    return made
  }

  /// Makes one version of the result, without its tags if it is too large with them; parameters and errors as of
  /// `make`.
  private func makeFitting(
    _ work: Work, at output: String, replacing: Bool, remark: PreparedAudio.Remark?
  ) throws -> PreparedAudio? {
    if let made = try make(work, at: output, replacing: replacing, remark: remark) { return made }
    guard let tags = work.tags, tags.byteCount > 0 else { return nil }
    var bare = work
    bare.tags = tags.dropped(limit: plan.limits.maximumBytes)
    guard var made = try make(bare, at: output, replacing: replacing, remark: remark) else { return nil }
    made.remarks.append(.withoutTags(bytes: tags.byteCount, maximumBytes: plan.limits.maximumBytes))
    return made
  }

  /// Makes one version of the result.
  ///
  /// - Parameters:
  ///   - work: The method of making the result.
  ///   - output: The path of the result.
  ///   - replacing: `true` if an existing file may be replaced.
  ///   - remark: A remark on the use of this version; `nil` for none.
  /// - Returns: The result; `nil` if larger than the service accepts.
  /// - Throws: `FrameCutError` if an MP3 file cannot be cut at its own frames, and the errors of `run`.
  private func make(
    _ work: Work, at output: String, replacing: Bool, remark: PreparedAudio.Remark?
  ) throws -> PreparedAudio? {
    let temporary = try TemporaryFile(for: output, replacing: replacing)
    let path = temporary.path
    notes.clear()
    let result: Inspection
    do {
      var cut: MP3Cut?
      let output = BorrowedFile(descriptor: temporary.descriptor, path: path)
      guard try write(work, to: output, cut: &cut) else { return nil }
      try cancellation.check()
      // A sum that was computed here is compared by libFLAC.
      let hasNewSum = try mayLackMD5(work) && FLACSamplesMD5.fill(in: output, cancellation: cancellation)
      // The result is inspected as its recipient will inspect it.
      result = inspectBlocking(
        path: path, limits: plan.limits, deep: hasNewSum, rejects: true, cancellation: cancellation)
      if result.integrity.damaged { try explainDamage(result, isCut: cut != nil) }
      if let cut { try prove(cut, at: path, front: front(of: work).count, result.notes.frames) }
      if case .splice = work.method { try proveSplice(at: path) }
    } catch let error as AudioFileError where error.code == .cancelled {
      throw CancellationError()
    } catch let error as AudioFileError where error.path == path {
      // The user knows the name of the output only.
      throw error.at(output)
    } catch let error as FileError where error.path == path {
      throw FileError(errno: error.errno, path: output, doing: error.doing)
    }
    try cancellation.check()
    if result.reasons.contains(where: { $0.code == .tooLarge }) { return nil }
    guard result.verdict == .ready, let bytes = result.bytes, let seconds = result.duration?.seconds else {
      throw PreparationError(.resultUnfit(result.reasons), path: plan.path)
    }
    try temporary.commit()
    var made = PreparedAudio(
      path: output, bytes: bytes, format: result.format, seconds: seconds, lossless: work.steps.allSatisfy(\.lossless),
      remarks: (remark.map { [$0] } ?? []) + notes.all)
    made.tags = work.tags
    return made
  }

  /// `true` if the result has the header of another file, or one made for it, which may hold no MD5; a file that is
  /// kept stays as it is, byte for byte.
  private func mayLackMD5(_ work: Work) -> Bool {
    guard work.format == .flac else { return false }
    return switch work.method {
    case .splice, .flacFrames: true
    case .copy: plan.unwrapping != nil
    case .wave, .mp3Frames, .encode: false
    }
  }

  /// Verifies a cut at an MP3 file's own frames.
  ///
  /// - Parameters:
  ///   - cut: The cut.
  ///   - path: The path of the result.
  ///   - front: The number of bytes of tags in front of the result.
  ///   - facts: The frames of the source.
  /// - Throws: `FrameCutError` if the result does not decode to the source's own samples.
  private func prove(_ cut: MP3Cut, at path: String, front: Int, _ facts: MP3FrameFacts?) throws {
    do {
      try MP3CutProof.check(cut, of: plan.path, at: path, front: front, facts, cancellation: cancellation)
    } catch let failure as MP3CutFailure {
      throw FrameCutError(fault: .notProved(failure), underlying: failure)
    }
  }

  /// Verifies a file that was rewritten around the source's own audio.
  ///
  /// - Parameter path: The path of the result.
  /// - Throws: `FrameCutError` if the result does not decode to the source's own samples.
  private func proveSplice(at path: String) throws {
    do {
      try SpliceProof.check(path, against: plan.path, cancellation: cancellation)
    } catch let failure as SpliceFailure {
      throw FrameCutError(fault: .notSame(failure), underlying: failure)
    }
  }

  /// Writes one version of the result.
  ///
  /// - Parameters:
  ///   - work: The method of making the result.
  ///   - output: The output file.
  ///   - cut: Set if an MP3 file was cut at its frames, which is to be verified.
  /// - Returns: `false` if writing was stopped because the output is already too large.
  /// - Throws: `AudioFileError`, `FileError`, `SignalError`, `PreparationError`, `FrameCutError` or
  ///   `CancellationError`.
  private func write(_ work: Work, to output: BorrowedFile, cut: inout MP3Cut?) throws -> Bool {
    let transfer = ByteTransfer(cancellation: cancellation, progress: progress)
    let isEncoded = if case .encode = work.method { true } else { false }
    if !isEncoded { try output.write(front(of: work)) }
    switch work.method {
    case .copy(let range):
      try transfer.copy(range, of: try source(), to: output)
    case .splice(let splice):
      let file = try source()
      for (index, piece) in splice.pieces.enumerated() {
        switch piece {
        case .bytes(let bytes):
          let tagged = index == 0 ? FLACHeader.adding(blocks(of: work), to: bytes) : nil
          try output.write(tagged ?? bytes)
        case .source(let range): try transfer.copy(range, of: file, to: output)
        }
      }
    case .wave(let frames):
      let file = try source()
      guard let layout = try WaveLayout(file), let format = layout.format, format.frameBytes > 0,
        let ranges = layout.byteRanges(of: frames, frameBytes: format.frameBytes)
      else { throw changed() }
      let data = frames.count * format.frameBytes
      let chunks = chunks(of: work)
      try output.write(
        WaveHeader.make(format: layout.formatChunk, data: data, frames: frames.count, chunks: chunks.front))
      for range in ranges { try transfer.copy(range, of: file, to: output) }
      if data % 2 == 1 { try output.write([0]) }
      try WaveTags.append(chunks.behind, to: output)
      return true
    case .mp3Frames(let samples, let facts):
      let file = try source()
      let made: MP3Cut
      do {
        made = try MP3Cut(file, facts, samples: samples)
      } catch let refusal as MP3CutRefusal {
        throw FrameCutError(fault: .refused(refusal), underlying: refusal)
      }
      try output.write(made.head)
      for range in made.ranges { try transfer.copy(range, of: file, to: output) }
      cut = made
    case .flacFrames(let range, let totalSamples):
      let file = try source()
      guard let info = try FLACLayout(file)?.streamInfoBytes, info.count == 34 else { throw changed() }
      try output.write(
        FLACHeader.make(streamInfo: info, totalSamples: totalSamples, blocks: blocks(of: work)))
      try transfer.copy(range, of: file, to: output)
    case .encode(let encode):
      guard try self.encode(encode, tags: work.tags?.payload, to: output) else { return false }
    }
    let chunks = chunks(of: work)
    try WaveTags.append(chunks.front + chunks.behind, to: output)
    return true
  }

  /// The tag in front of an MP3 file's frames; empty for none.
  private func front(of work: Work) -> [UInt8] {
    if case .id3(let tag)? = work.tags?.payload { tag } else { [] }
  }

  /// The blocks behind a FLAC file's STREAMINFO; empty for none.
  private func blocks(of work: Work) -> [CarriedTags.FLACBlock] {
    if case .flac(let blocks)? = work.tags?.payload { blocks } else { [] }
  }

  /// The chunks in front of and behind a WAV file's samples; empty for none.
  private func chunks(of work: Work) -> (front: [UInt8], behind: [UInt8]) {
    if case .wave(let front, let behind)? = work.tags?.payload { (front, behind) } else { ([], []) }
  }

  /// Encodes the stretch; an MP3 file whose decoded signal exceeds full scale is encoded once more at a lower level.
  private func encode(
    _ encode: Work.Encode, tags: CarriedTags.Payload?, to output: BorrowedFile
  ) throws -> Bool {
    let limit = plan.limits.maximumBytes
    let progress = progress
    let isChecked = if case .mp3 = encode.encoding { encode.mayClip } else { false }
    func write(_ work: Work.Encode, from: Double, to end: Double) throws -> Bool {
      let samples = SampleTransfer(
        source: plan.path, work: work, tags: tags, cancellation: cancellation,
        progress: { progress(from + (end - from) * $0) },
        isTooLarge: { ((try? output.status().byteCount) ?? 0) > limit })
      return try samples.run(into: output.path)
    }
    guard try write(encode, from: 0, to: isChecked ? 0.8 : 1) else { return false }
    guard isChecked else { return true }
    let check = CodedLevel(path: output.path, cancellation: cancellation)
    let found = try check.measure { progress(0.8 + 0.1 * $0) }
    if let lower = found.lowered(encode) {
      guard try write(lower, from: 0.9, to: 1) else { return false }
      notes.add(found.remark(lower: lower, than: encode, then: try check.measure { _ in }))
    }
    progress(1)
    return true
  }

  private func checkSource() throws {
    let file = try InputFile(path: plan.path)
    guard file.byteCount == plan.sourceBytes else { throw changed() }
    guard !plan.isChecked else { return }
    switch plan.sourceFormat {
    case .flac:
      // Damage inside a FLAC file is found only by decoding the complete file.
      let found = inspectBlocking(path: plan.path, limits: plan.limits, deep: true, cancellation: cancellation)
      try cancellation.check()
      guard found.integrity.damaged else { return }
      let isLocated = found.reasons.allSatisfy { ![.corrupt, .truncated].contains($0.code) || $0.finding.isLocated }
      if isLocated, plan.isPart, !WholePart.isDamaged(found, plan.start...plan.end) { return }
      throw PreparationError(.rejected(found.reasons), path: plan.path)
    case .mp3:
      // Copied frames are inspected in the result.
      guard case .encode = plan.work.method else { return }
      try refuseDamage()
    default: return
    }
  }

  /// Throws if an MP3 file's frames are damaged inside the planned part.
  private func refuseDamage() throws {
    let found = inspectBlocking(
      path: plan.path, limits: plan.limits, deep: false, rejects: true, cancellation: cancellation)
    try cancellation.check()
    let spans = found.integrity.damage.filter { $0.end > plan.start && $0.start < plan.end }
    guard let first = spans.first else { return }
    throw PreparationError(.damaged(places: spans.count, first: first), path: plan.path)
  }

  /// Throws the error for damaged copied frames: damage of the source, or, for a cut, frames that only appear damaged
  /// without the surrounding ones.
  private func explainDamage(_ result: Inspection, isCut: Bool) throws {
    guard plan.sourceFormat == .mp3 else { return }
    try refuseDamage()
    if isCut { throw FrameCutError(fault: .looksDamaged) }
  }

  /// The file with the audio: the source, or the stream that it wraps.
  private func source() throws -> InputFile {
    let audio = try AudioContent.open(plan.path, cancellation: cancellation)
    guard audio.unwrapping?.facts == plan.unwrapping else { throw changed() }
    return audio.file
  }

  private func changed() -> PreparationError {
    PreparationError(.changed(.differs), path: plan.path)
  }

  private func tooLarge(_ work: Work) -> PreparationError {
    PreparationError(.resultTooLarge(work.format, maximumBytes: plan.limits.maximumBytes), path: plan.path)
  }

  /// Throws if the output is the source, under whatever name.
  fileprivate func refuseSameFile(_ output: String) throws {
    var source = stat()
    var target = stat()
    guard unsafe stat(plan.path, &source) == 0, unsafe stat(output, &target) == 0 else { return }
    guard source.st_dev == target.st_dev, source.st_ino == target.st_ino else { return }
    throw PreparationError(.sameFile(output: output), path: plan.path)
  }

  /// Throws if the result would replace a file under a name that follows from the result's format, not from the caller.
  private func refuseUnnamed(_ output: String, instead named: String) throws {
    var target = stat()
    guard unsafe lstat(output, &target) == 0 else { return }
    throw PreparationError(
      .unnamedOutput(output, instead: named, maximumBytes: plan.limits.maximumBytes), path: plan.path)
  }

  private func renamed(_ output: String, from: FileFormat, to: FileFormat) -> String {
    let suffix = "." + from.rawValue
    guard output.lowercased().hasSuffix(suffix) else { return output }
    return output.dropLast(suffix.count) + "." + to.rawValue
  }
}
