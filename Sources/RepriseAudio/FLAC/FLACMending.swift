/// A flac written anew around its own frames, with metadata that every decoder reads.
struct FLACMending {
  let layout: FLACLayout
  let first: FLACFrameHeader?
  let portability: [Portability]
  /// Number of samples per channel of the frames.
  let counted: Int
  /// Range of the frames.
  let frames: Range<Int>
  /// Size of the file in bytes.
  let fileBytes: Int
  /// `true` if the stored MD5 is not of all samples, as in a file that was continued.
  let hasStaleMD5: Bool

  /// Returns the way to rewrite the file; `nil` if nothing needs it, or if the frames themselves have to change.
  func mending() -> Mending? {
    let causes = portability.compactMap { if case .flac(let cause) = $0.cause { cause } else { nil } }
    guard !causes.isEmpty || hasStaleMD5, causes.allSatisfy(\.isMendable), !frames.isEmpty,
      var head = layout.head(first: first)
    else { return nil }
    head.set(total: counted)
    if hasStaleMD5 { head.removeMD5() }
    func splice(_ blocks: [(type: UInt8, body: Range<Int>)]) -> ByteSplice {
      var splice = ByteSplice()
      splice.append(head.bytes(isLast: blocks.isEmpty))
      for (index, block) in blocks.enumerated() {
        let mark: UInt8 = index == blocks.count - 1 ? 0x80 : 0
        splice.append(
          [mark | block.type] + (0..<3).map { UInt8(truncatingIfNeeded: block.body.count >> (16 - 8 * $0)) })
        splice.append(block.body)
      }
      splice.append(frames)
      return splice
    }
    return Mending(
      repairs: repairs(causes).map(Repair.flac), result: splice(layout.keptBlocks), bare: splice([]), frames: counted)
  }

  private func repairs(_ causes: [FLACPortability]) -> [FLACRepair] {
    var repairs: [FLACRepair] = layout.start > 0 ? [.droppedFront(bytes: layout.start)] : []
    for cause in causes {
      let repair: FLACRepair? =
        switch cause {
        case .total: .total(counted)
        case .blockSize(_, let found): .blockSize(found)
        case .property(let property, _, let found): .property(property, found)
        case .noStreamInfo: .streamInfo
        case .lateStreamInfo, .secondStreamInfo, .unmarkedMetadata: .metadata
        case .brokenBlock(let kind): .droppedBlock(kind)
        case .overflowingPicture: .droppedBlock(.picture)
        case .behind(let bytes): .droppedBehind(bytes: bytes)
        case .inFront, .width, .frameBytes, .longBlocks, .samplesBeyond: nil
        }
      if let repair, !repairs.contains(repair) { repairs.append(repair) }
    }
    return hasStaleMD5 ? repairs + [.droppedMD5] : repairs
  }
}
