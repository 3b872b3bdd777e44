import { type PageWishes, shell } from '../shell';
import { type DatasetScenario, FakeDatasetHost } from './fakeDatasetHost';

const wishes = JSON.parse(decodeURIComponent(location.hash.slice(1) || '%7B%7D')) as DatasetScenario & PageWishes;
window.fake = new FakeDatasetHost(shell(wishes), wishes);
