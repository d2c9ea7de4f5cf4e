// Creates images with the vendor's client for Node.js, in its own process. Writes one line of JSON.
// Arguments: the main file of the client, the base URL, the key, the number of images, and the folder.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [main, baseUrl, apiKey, count, folder] = process.argv.slice(2);
const { Apiframe } = await import(pathToFileURL(main));
const client = new Apiframe({ apiKey, baseUrl: baseUrl.replace(/\/$/, '') });
await mkdir(folder, { recursive: true });

// The memory at the end, because the peak that Node.js reports includes that of the process that started it.
const megabytes = () => process.memoryUsage.rss() / 1024 ** 2;
const seconds = (usage) => (usage.user + usage.system) / 1e6;
const idleMB = megabytes();
const idleCpu = seconds(process.cpuUsage());
const start = performance.now();
const lateMs = [];
let slowestSec = 0;

async function create(number) {
    const { jobId } = await client.images.generate({
        model: 'nano-banana-2', prompt: `prompt ${number}`, nanoBananaParams: { resolution: '512px' },
    });
    const job = await client.jobs.waitFor(jobId);
    lateMs.push(Date.now() - Date.parse(job.completedAt));
    slowestSec = Math.max(slowestSec, (Date.parse(job.completedAt) - Date.parse(job.createdAt)) / 1000);
    const image = await fetch(job.result.images?.[0] ?? job.result.imageUrl);
    await writeFile(join(folder, `${jobId}.jpg`), Buffer.from(await image.arrayBuffer()));
}

await Promise.all(Array.from({ length: Number(count) }, (_, index) => create(index + 1)));

const cpuSec = seconds(process.cpuUsage());
console.log(JSON.stringify({
    wallSec: (performance.now() - start) / 1000, slowestSec, lateMs,
    cpuSec, overIdleCpuSec: cpuSec - idleCpu, peakMB: megabytes(), overIdleMB: megabytes() - idleMB,
}));
