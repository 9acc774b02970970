package simulator

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/vmware/govmomi/vim25/types"
)

// areasOfPage is about what vCenters were seen to send.
const areasOfPage = 2000

// pages say how the answers to change queries of a disk are bent. All but lies and zero lengths are answers that a
// vCenter may give.
type pages struct {
	areas    int   // at most so many areas
	bytes    int64 // at most so long; 0: no limit
	gaps     bool  // what is unchanged gets a page of its own, without areas
	overlap  bool  // areas begin a block early, also before the page
	disorder bool  // areas come last first
	beyond   bool  // an area at the end goes on behind the end of the disk
	zero     int64 // so many answers cover nothing
	lies     []types.DiskChangeExtent
}

func (m *machine) pagesOf(key int32) *pages {
	bent, ok := m.pages[key]
	if !ok {
		bent = &pages{areas: areasOfPage}
		m.pages[key] = bent
	}
	return bent
}

// denies tells whether the tracking leaves a changed block out.
func (p *pages) denies(block int64) bool {
	for _, lie := range p.lies {
		if block*blockBytes < lie.Start+lie.Length && (block+1)*blockBytes > lie.Start {
			return true
		}
	}
	return false
}

func (p *pages) page(areas []types.DiskChangeExtent, start, capacity int64) *types.DiskChangeInfo {
	if p.zero > 0 {
		p.zero--
		return &types.DiskChangeInfo{StartOffset: start}
	}
	end := capacity
	if p.bytes > 0 && start+p.bytes < end {
		end = start + p.bytes
	}
	if len(areas) > p.areas && areas[p.areas].Start < end {
		end = areas[p.areas].Start
	}
	if p.gaps && len(areas) > 0 && areas[0].Start > start && areas[0].Start < end {
		end = areas[0].Start
	}
	return &types.DiskChangeInfo{
		StartOffset: start,
		Length:      end - start,
		ChangedArea: p.bend(clipped(areas, end), end == capacity, capacity),
	}
}

func clipped(areas []types.DiskChangeExtent, end int64) []types.DiskChangeExtent {
	var inside []types.DiskChangeExtent
	for _, area := range areas {
		if area.Start >= end {
			break
		}
		if area.Start+area.Length > end {
			area.Length = end - area.Start
		}
		inside = append(inside, area)
	}
	return inside
}

func (p *pages) bend(areas []types.DiskChangeExtent, isLast bool, capacity int64) []types.DiskChangeExtent {
	for i := range areas {
		if p.overlap && areas[i].Start >= blockBytes {
			areas[i].Start -= blockBytes
			areas[i].Length += blockBytes
		}
		if p.beyond && isLast && areas[i].Start+areas[i].Length == capacity {
			areas[i].Length += blockBytes
		}
	}
	for i, j := 0, len(areas)-1; p.disorder && i < j; i, j = i+1, j-1 {
		areas[i], areas[j] = areas[j], areas[i]
	}
	return areas
}

// set reads areas, bytes, zero, and shape: a list of gaps, overlap, disorder and beyond. Lies stay.
func (p *pages) set(form url.Values) error {
	areas, err := number(form, "areas", areasOfPage)
	if err != nil {
		return err
	}
	if areas < 1 {
		return fmt.Errorf("areas=%d; a page has to have at least one", areas)
	}
	bytes, err := number(form, "bytes", 0)
	if err != nil {
		return err
	}
	zero, err := number(form, "zero", 0)
	if err != nil {
		return err
	}
	*p = pages{areas: int(areas), bytes: bytes, zero: zero, lies: p.lies}
	for _, shape := range strings.Fields(form.Get("shape")) {
		switch shape {
		case "gaps":
			p.gaps = true
		case "overlap":
			p.overlap = true
		case "disorder":
			p.disorder = true
		case "beyond":
			p.beyond = true
		default:
			return fmt.Errorf("shape '%s'; known are gaps, overlap, disorder and beyond", shape)
		}
	}
	return nil
}
