/// What ffmpeg 5.1 and libsndfile 1.2 make of a wav that is whole.
///
/// Every rule was measured with both; `Tests/Oracles` repeats that. ffmpeg: libavformat/wavdec.c, w64dec.c.
struct WaveDecoders {
  let layout: WaveLayout
  let format: WaveLayout.Format
  /// Number of bytes in front of the header that are not tags.
  let bytesInFront: Int

  /// Returns the properties that one of them misreads.
  func portability() -> [Portability] {
    (frontCauses() + formatCauses() + sizeCauses() + chunkCauses() + containerCauses()).map {
      Portability(.wave($0.0), $0.1)
    }
  }

  private typealias Cause = (WavePortability, [Misreading])

  private func seconds(_ bytes: Int) -> Double {
    Double(bytes / max(format.frameBytes, 1)) / Double(max(format.sampleRate, 1))
  }

  /// Returns a length that is worth telling; `nil` for less than a millisecond.
  private func audible(_ seconds: Double) -> Double? { seconds < 0.001 ? nil : seconds }

  /// Returns the causes in front of the header: tags are skipped, other bytes are not.
  private func frontCauses() -> [Cause] {
    guard bytesInFront > 0 else { return [] }
    return [(.inFront(bytes: bytesInFront), [Misreading(.ffmpeg, .refused), Misreading(.libsndfile, .refused)])]
  }

  /// Returns the causes in the format chunk.
  private func formatCauses() -> [Cause] {
    var causes: [Cause] = []
    if let valid = format.validBits, valid > 0 {
      let (claimed, stored) = ((valid + 7) / 8, (format.bitsPerSample + 7) / 8)
      // ffmpeg takes the number of valid bits for the size of a sample; floats have two sizes.
      if format.tag == 3 ? valid != format.bitsPerSample : claimed != stored {
        let isKnown = format.tag == 3 ? valid == 32 || valid == 64 : valid <= 64
        causes.append(
          (.validBits(valid, of: format.bitsPerSample), [Misreading(.ffmpeg, isKnown ? .garbled : .nothing)]))
      }
    }
    if let bytes = format.extensionBytes, bytes < WaveLayout.Format.extensibleBytes || format.chunkBytes < 40 {
      let isShort = format.chunkBytes < 40
      causes.append(
        (
          .shortExtension(bytes: bytes),
          [Misreading(.ffmpeg, .nothing)] + (isShort ? [Misreading(.libsndfile, .refused)] : [])
        ))
    }
    if format.blockAlign != format.frameBytes, packetBytes % format.frameBytes != 0 {
      causes.append(
        (.frameSize(claimed: format.blockAlign, actual: format.frameBytes), [Misreading(.ffmpeg, .garbled)]))
    }
    return causes
  }

  /// Number of bytes that ffmpeg passes to its decoder at once.
  ///
  /// An incomplete frame at the end is dropped, and the next bytes begin in the middle of a frame. Observed for 7 sample
  /// formats and 18 alignments.
  private var packetBytes: Int {
    let align = format.blockAlign
    return align <= 1 ? 4096 : max(4096, align) / align * align
  }

  /// Returns the causes in the sizes of RIFF, RF64 and BW64.
  private func sizeCauses() -> [Cause] {
    guard layout.container != .wave64, layout.laterData.isEmpty else { return [] }
    let (declared, present) = (layout.declaredBytes, layout.presentBytes)
    let behind = layout.dataOffset.map { seconds(layout.fileBytes - $0 - present) } ?? 0
    let stops = [Misreading.Decoder.ffmpeg, .libsndfile].map { Misreading($0, .stops(at: seconds(declared))) }
    switch layout.claim {
    case .fits, .unmet: return []
    case .tooSmall: return [(.smallSize(declaredBytes: declared, presentBytes: present), stops)]
    case .tooLarge:
      guard layout.hasHiddenChunks else { return [] }
      let surplus = min(behind, seconds(declared - present))
      let adds = [Misreading.Decoder.ffmpeg, .libsndfile].map { Misreading($0, .adds(seconds: audible(surplus))) }
      return surplus > 0 ? [(.largeSize(declaredBytes: declared, presentBytes: present), adds)] : []
    case .neverFilledIn:
      let hasChunks = layout.hasHiddenChunks
      let isWide = layout.container != .riff
      var misreadings: [Misreading] = []
      if isWide {
        misreadings.append(Misreading(.ffmpeg, .nothing))
      } else if hasChunks {
        misreadings.append(Misreading(.ffmpeg, .adds(seconds: audible(behind))))
      }
      if isWide || declared == 0 {
        misreadings.append(Misreading(.libsndfile, .nothing))
      } else if hasChunks {
        misreadings.append(Misreading(.libsndfile, .adds(seconds: audible(behind))))
      }
      guard !misreadings.isEmpty else { return [] }
      return [(.unfilledSize(declaredBytes: declared, presentBytes: present, chunks: hasChunks), misreadings)]
    }
  }

  /// Returns the causes in the order and number of chunks.
  private func chunkCauses() -> [Cause] {
    var causes: [Cause] = []
    if layout.formatIsLate { causes.append((.lateFormat, [Misreading(.libsndfile, .refused)])) }
    if layout.hasSecondFormat { causes.append((.secondFormat, [Misreading(.libsndfile, .refused)])) }
    if let last = layout.laterData.last {
      let all = layout.sampleRanges(frameBytes: max(format.frameBytes, 1)).reduce(0) { $0 + $1.count }
      causes.append(
        (
          .dataChunks(layout.laterData.count + 1),
          [
            Misreading(.ffmpeg, last.isEmpty ? .nothing : .drops(seconds: seconds(all - last.count))),
            Misreading(.libsndfile, .refused),
          ]
        ))
    }
    if layout.unpaddedBefore > 0 {
      causes.append((.unpaddedChunk, [Misreading(.ffmpeg, .refused), Misreading(.libsndfile, .refused)]))
    }
    return causes
  }

  /// Returns the causes in what the containers other than RIFF require.
  private func containerCauses() -> [Cause] {
    var causes: [Cause] = []
    let name = layout.container.rawValue
    switch layout.container {
    case .riff: break
    case .rf64, .bw64:
      if layout.container == .bw64 { causes.append((.bw64, [Misreading(.libsndfile, .refused)])) }
      if !layout.hasWideSize, layout.claim != .neverFilledIn || !layout.beginsWithWideSizes {
        causes.append((.missingWideSizes(container: name), [Misreading(.ffmpeg, .refused)]))
      } else if !layout.beginsWithWideSizes {
        causes.append((.lateWideSizes(container: name), [Misreading(.ffmpeg, .refused)]))
      }
    case .wave64:
      guard let start = layout.dataOffset, format.frameBytes > 0 else { break }
      if format.tag == 3, format.extensionBytes != nil {
        let bits = format.bitsPerSample
        causes.append((.wave64Floats(bits: bits), [Misreading(.libsndfile, bits == 32 ? .garbled : .refused)]))
      }
      // libsndfile plays everything from the samples on; ffmpeg requires a size of the file and of the samples.
      let surplus = layout.fileBytes - start - layout.presentBytes
      let played = (layout.fileBytes - start) / format.frameBytes - layout.presentBytes / format.frameBytes
      let isUnfilled = layout.claim == .neverFilledIn || layout.headerSize <= 64
      if layout.claim == .tooSmall {
        causes.append(
          (
            .smallSize(declaredBytes: layout.declaredBytes, presentBytes: layout.presentBytes),
            [Misreading(.ffmpeg, .refused)]
          ))
      }
      if isUnfilled { causes.append((.unfilledWave64, [Misreading(.ffmpeg, .refused)])) }
      if played > 0 {
        var misreadings = [Misreading(.libsndfile, .adds(seconds: Double(played) / Double(format.sampleRate)))]
        // Zeros read as a chunk of no size.
        if layout.stray.bytes >= 24, !isUnfilled { misreadings.insert(Misreading(.ffmpeg, .refused), at: 0) }
        causes.append((.wave64Tail(bytes: surplus), misreadings))
      }
    }
    return causes
  }
}
