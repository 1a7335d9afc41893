import RepriseAnalysis
import Testing

@Suite("An analysis as MIDI")
struct MIDITests {
  /// A Standard MIDI File as read by RP-001.
  private struct File {
    struct Event {
      let tick: Int
      /// Status byte; 0xFF for meta events.
      let status: UInt8
      /// Kind of a meta event, else the first data byte.
      let kind: UInt8
      let data: [UInt8]

      var text: String { String(decoding: data, as: UTF8.self) }
      var number: Int { data.reduce(0) { $0 << 8 | Int($1) } }
    }

    let format: Int
    let resolution: Int
    var tracks: [[Event]] = []

    init(_ bytes: [UInt8]) throws {
      var rest = bytes[...]
      func take(_ count: Int) throws -> [UInt8] {
        try #require(rest.count >= count)
        defer { rest = rest.dropFirst(count) }
        return Array(rest.prefix(count))
      }
      func number(_ count: Int) throws -> Int { try take(count).reduce(0) { $0 << 8 | Int($1) } }
      func variable() throws -> Int {
        var result = 0
        for _ in 0..<4 {
          let byte = try number(1)
          result = result << 7 | byte & 0x7F
          if byte < 0x80 { return result }
        }
        Issue.record("a quantity of more than four bytes")
        return result
      }
      let head = try take(8)
      try #require(head == Array("MThd".utf8) + [0, 0, 0, 6])
      format = try number(2)
      let count = try number(2)
      resolution = try number(2)
      for _ in 0..<count {
        let type = try take(4)
        try #require(type == Array("MTrk".utf8))
        let length = try number(4)
        let end = rest.count - length
        try #require(end >= 0)
        var events: [Event] = []
        var tick = 0
        while rest.count > end {
          tick += try variable()
          let status = try take(1)[0]
          let kind = try take(1)[0]
          let isShort = status & 0xF0 == 0xC0
          let data = try status == 0xFF ? take(variable()) : isShort ? [] : take(1)
          events.append(Event(tick: tick, status: status, kind: kind, data: data))
        }
        #expect(events.last?.kind == 0x2F && events.filter { $0.status == 0xFF && $0.kind == 0x2F }.count == 1)
        tracks.append(events)
      }
      #expect(rest.isEmpty)
    }

    /// Returns the time of a tick by the tempo map.
    func time(of tick: Int) -> Double {
      var (time, last, tempo) = (0.0, 0, 500_000)
      for event in tracks[0] where event.status == 0xFF && event.kind == 0x51 && event.tick < tick {
        time += Double((event.tick - last) * tempo) / 1e6 / Double(resolution)
        (last, tempo) = (event.tick, event.number)
      }
      return time + Double((tick - last) * tempo) / 1e6 / Double(resolution)
    }

    func meta(_ kind: UInt8, in track: Int = 0) -> [Event] {
      tracks[track].filter { $0.status == 0xFF && $0.kind == kind }
    }

    /// Returns the notes of a track as ticks and pitch, checking that each ends and none overlaps itself.
    func notes(_ track: Int) -> [(start: Int, end: Int, pitch: UInt8)] {
      var open: [UInt8: Int] = [:]
      var result: [(start: Int, end: Int, pitch: UInt8)] = []
      for event in tracks[track] where event.status != 0xFF {
        if event.status & 0xF0 == 0x90 {
          #expect(open[event.kind] == nil, "\(event.kind) begins twice")
          open[event.kind] = event.tick
        } else if event.status & 0xF0 == 0x80, let start = open.removeValue(forKey: event.kind) {
          result.append((start, event.tick, event.kind))
        }
      }
      #expect(open.isEmpty)
      return result.sorted { ($0.start, $0.pitch) < ($1.start, $1.pitch) }
    }
  }

  @Test("the melody sounds at the times that were heard", arguments: ExportSample.all)
  func melody(_ sample: ExportSample) throws {
    let file = try File(MIDIFile(sample.analysis, title: "x").bytes)
    #expect(file.format == 1 && file.tracks.count == 3)
    let notes = file.notes(2)
    #expect(notes.map { Int($0.pitch) } == sample.analysis.melody.map(\.pitch))
    for (note, heard) in zip(notes, sample.analysis.melody) {
      #expect(abs(file.time(of: note.start) - heard.start) < 0.005)
      #expect(abs(file.time(of: note.end) - heard.end) < 0.005)
    }
  }

  @Test("every beat is a beat of the file at its time, and every downbeat begins a bar", arguments: ExportSample.all)
  func beats(_ sample: ExportSample) throws {
    let analysis = sample.analysis
    let file = try File(MIDIFile(analysis, title: "x").bytes)
    let beat = file.resolution * 4 / (analysis.meter == 6 ? 8 : 4)
    // Bar lines and beats by the time signatures.
    var bars: Set<Int> = []
    var ticks: [Int] = []
    let signatures = file.meta(0x58)
    #expect(signatures.first?.tick == 0)
    for (index, signature) in signatures.enumerated() {
      let end = index + 1 < signatures.count ? signatures[index + 1].tick : file.meta(0x2F)[0].tick + beat
      let unit = (file.resolution * 4) >> Int(signature.data[1])
      // Only the part of a beat in front has other beats.
      #expect(unit == beat || index == 0 && Int(signature.data[0]) * unit < beat)
      let length = unit == beat ? beat : Int(signature.data[0]) * unit
      #expect((end - signature.tick).isMultiple(of: length) || index == signatures.count - 1)
      ticks += stride(from: signature.tick, to: end, by: length)
      bars.formUnion(stride(from: signature.tick, to: end, by: Int(signature.data[0]) * unit))
    }
    let times = ticks.map { file.time(of: $0) }
    let places = analysis.beats.map { time in times.indices.min { abs(times[$0] - time) < abs(times[$1] - time) } ?? 0 }
    #expect(Set(places).count == places.count)
    for (place, time) in zip(places, analysis.beats) {
      #expect(abs(times[place] - time) < 0.0001)
      if analysis.downbeats.contains(time) { #expect(bars.contains(ticks[place]), "no bar begins at \(time)") }
    }
  }

  @Test("no tempo is over twice the median, wherever the first beat is", arguments: ExportSample.all)
  func tempi(_ sample: ExportSample) throws {
    let file = try File(MIDIFile(sample.analysis, title: "x").bytes)
    let tempi = file.meta(0x51).map(\.number)
    let median = tempi.sorted()[tempi.count / 2]
    #expect(tempi.allSatisfy { $0 * 2 >= median - 1 }, "\(tempi.min() ?? 0) µs a quarter, \(median) in the median")
  }

  @Test("leads of every length keep the tempo", arguments: [3, 4, 6])
  func leads(_ meter: Int) throws {
    for step in 0...60 {
      let lead = Double(step) / 100
      let beats = (0..<24).map { lead + Double($0) / 2 }
      let analysis = Analysis(
        seconds: 13, tempo: 120, meter: meter, key: Triad(root: 0, isMinor: false), beats: beats,
        downbeats: stride(from: 0, to: 24, by: meter).map { beats[$0] }, chords: [],
        melody: [.init(start: lead, end: lead + 0.4, pitch: 60), .init(start: 5.5, end: 6, pitch: 62)],
        confidence: .init(), tuning: 0, levels: [])
      let file = try File(MIDIFile(analysis, title: "x").bytes)
      let median = meter == 6 ? 1_000_000 : 500_000
      for event in file.meta(0x51) { #expect((median / 2 - 1...median * 2 + 1).contains(event.number), "\(lead) s") }
      for (note, heard) in zip(file.notes(2), analysis.melody) {
        #expect(abs(file.time(of: note.start) - heard.start) < 0.005, "\(lead) s")
      }
      let sheet = LeadSheet(analysis)
      #expect(sheet.bars[0].notes[0].pitch == 60, "\(lead) s")
      #expect(sheet.bars.allSatisfy { $0.start >= 0 })
    }
  }

  @Test("chords sound with their notes and bass, and have their symbols", arguments: ExportSample.all)
  func chords(_ sample: ExportSample) throws {
    let file = try File(MIDIFile(sample.analysis, title: "x").bytes)
    let notes = file.notes(1)
    let symbols = file.meta(1, in: 1)
    #expect(symbols.count == sample.analysis.chords.count)
    for (span, symbol) in zip(sample.analysis.chords, symbols) {
      let sounding = notes.filter { $0.start == symbol.tick }
      guard let chord = span.chord else {
        #expect(symbol.text == "N.C." && sounding.isEmpty)
        continue
      }
      #expect(abs(file.time(of: symbol.tick) - span.start) < 0.005)
      #expect(Set(sounding.map { Int($0.pitch) % 12 }) == Set(chord.pitchClasses + [chord.bass]))
      #expect(Int(sounding.map(\.pitch).min() ?? 0) % 12 == chord.bass)
    }
  }

  @Test("keys are signatures, sections markers, and the title is kept whatever it is")
  func conductor() throws {
    let sample = try #require(ExportSample.all.first { $0.name == "pickup" })
    let title = "Träume & <Schäume> \u{1F3B5}"
    let file = try File(MIDIFile(sample.analysis, title: title).bytes)
    #expect(file.meta(3).map(\.text) == [title])
    #expect(file.meta(6).map(\.text) == ["A", "B (chorus)", "A", "C"])
    #expect(file.meta(0x59).map(\.data) == [[0xFF, 0], [3, 1]])
    let names = file.tracks.indices.dropFirst().map { file.meta(3, in: $0).map(\.text) }
    #expect(names == [["Chords"], ["Melody"]])
    // A length of two bytes.
    let long = Array(repeating: "x", count: 300).joined()
    #expect(try File(MIDIFile(sample.analysis, title: long).bytes).meta(3).map(\.text) == [long])
  }
}
