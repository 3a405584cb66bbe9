import Configuration
import Settings
import Testing

@Suite struct ProjectTests {
  @Test func `a minimal project is right and has the defaults`() throws {
    let result = try TemporaryProject().load()
    #expect(result.diagnostics.map(\.rendered) == [])
    let settings = try #require(result.settings)
    let sync = try #require(settings.syncs.first)
    #expect(sync.name == "customers")
    #expect(sync.destination.value == "events")
    #expect(sync.initialSync == .backfill)
    #expect(sync.changedWhen.value == .anyColumn)
    #expect(sync.added.systemHeaders == [.eventID, .change])
    #expect(sync.added.isSelected && sync.changed.isSelected && sync.removed.isSelected)
    #expect(sync.guards[.maxRemoved] == nil)
    #expect(settings.historyRuns == 100)
    #expect(settings.historyMessages == 1000)
    #expect(settings.timezone == "UTC")
    #expect(settings.stateDirectory == settings.directory + "/state")
    #expect(settings.models["customers"]?.source == "shop")
  }
}
